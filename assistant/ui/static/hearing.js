// The server ends the stream in which it tells how a page's events fare whenever nothing is left to
// tell, and Gradio's client opens another for a new event only if it has heard of that end. What was
// asked just before it hears is answered, and the answer is heard by nobody. So the client is given
// one stream that does not end; behind it, the server is listened to while it owes an answer.
"use strict";

(() => {
  const STARTS = /\/queue\/join(\?|$)/;
  const TELLS = /\/queue\/data(\?|$)/;
  const ask = window.fetch;
  const owed = new Set(); // events that the server has taken up
  const early = new Set(); // those completed before the page knew that they were taken up
  let listener = null; // for the one stream: begins to listen, unless it does already

  async function takenUp(answer) {
    const id = answer.ok && (await answer.json()).event_id;
    if (!id || early.delete(id)) return;
    owed.add(id);
    listener?.();
  }

  // Returns whether the client is to hear of it.
  function told(event) {
    const { msg, event_id: id } = JSON.parse(event.replace(/^data: /, ""));
    if (msg === "process_completed" && !owed.delete(id)) early.add(id);
    return msg !== "close_stream";
  }

  async function pass(stream, client) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let each = await reader.read(); !each.done; each = await reader.read()) {
      const events = (rest + each.value).split("\n\n");
      rest = events.pop();
      const heard = events.filter(told).map((event) => `${event}\n\n`).join("");
      if (heard) client.enqueue(new TextEncoder().encode(heard));
    }
  }

  async function unending(request) {
    let answer = await ask(request);
    if (!answer.ok) return answer;
    const { headers } = answer;
    let listening = false;

    function start(client) {
      listener = async () => {
        if (listening) return;
        listening = true;
        try {
          do {
            answer ??= await ask(request);
            if (!answer.ok) throw new Error(answer.statusText);
            await pass(answer.body, client);
            answer = null;
          } while (owed.size);
          listening = false;
        } catch (error) {
          client.error(error);
        }
      };
      listener();
    }
    return new Response(new ReadableStream({ start }), { headers });
  }

  window.fetch = function (address, ...more) {
    const where = String(address?.url ?? address);
    if (TELLS.test(where)) return unending(new Request(address, ...more));
    const answer = ask.call(this, address, ...more);
    if (STARTS.test(where)) answer.then((each) => takenUp(each.clone())).catch(() => {});
    return answer;
  };
})();

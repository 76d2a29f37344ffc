// Gradio's client learns the name of an event from the answer to the request that started it, and
// keeps what the server says of an event until then. Two such answers can overtake each other, and
// then the older of two lists is written over the newer one. So they are heard as they were asked.
"use strict";

(() => {
  const STARTS = /\/queue\/join(\?|$)/;
  const PATIENCE = 2000; // milliseconds that a lost answer can hold up the next one
  const ask = window.fetch;
  let before = Promise.resolve();

  window.fetch = function (address, ...more) {
    const answer = ask.call(this, address, ...more);
    if (!STARTS.test(String(address?.url ?? address))) return answer;
    const late = new Promise((go) => setTimeout(go, PATIENCE));
    // Both at once: an answer that fails before its turn is told of, not left lying.
    const heard = Promise.all([answer, Promise.race([before, late])]).then(([told]) => told);
    before = heard.catch(() => {});
    return heard;
  };
})();

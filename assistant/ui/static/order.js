// The server answers events as they arrive, and Gradio's client writes down what it hears of each as
// soon as it knows the event's name, which is the answer to the request that started it. Two such
// requests, or their answers, can overtake each other: an older wish would be the last to be
// fulfilled, and an older list be written over a newer one. So each is sent when the one before it
// is answered. On a machine that is busy answering that can take many seconds.
"use strict";

(() => {
  const STARTS = /\/queue\/join(\?|$)/;
  const PATIENCE = 30000; // milliseconds that a lost answer can hold up the next request
  const ask = window.fetch;
  let before = Promise.resolve();

  window.fetch = function (address, ...more) {
    if (!STARTS.test(String(address?.url ?? address))) return ask.call(this, address, ...more);
    const late = new Promise((go) => setTimeout(go, PATIENCE));
    const answer = Promise.race([before, late]).then(() => ask.call(this, address, ...more));
    before = answer.catch(() => {});
    return answer;
  };
})();

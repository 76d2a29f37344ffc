// The chat: which conversation is seen, its turns, and what can be done with an answer.
"use strict";

const assistantChat = (() => {
  const { find, all, say, send, tell, mention } = assistantPage;
  const left = new Set(); // conversations that were left: what still arrives of them is not shown
  let here = ""; // the conversation that is seen
  let asking = {}; // what goes beside the next question
  let finished = null; // a copy of the turn that was answered last
  let atEnd = true; // whether the end of the talk is seen
  let scrolled = 0; // how far down the talk stood last, in pixels
  let above = false; // whether the next question changes what stands above and below the talk
  let visits = 0; // how often another conversation was asked for
  let entering = Promise.resolve(); // until it is there
  let entered = () => {};

  const box = () => find("#question textarea");
  const live = () => find("#turn .turn");
  const isRunning = () => document.body.dataset.live === "running";
  const number = (turn) => Number(turn.dataset.turn);
  const turns = () => all("#talk .turn").filter((turn) => !turn.closest(".stale"));
  const isLast = (turn) => turns().at(-1) === turn;

  // --- Which conversation: its id stands in the address.

  function enter(id) {
    if (here) left.add(here);
    left.delete(id);
    here = id;
    finished = null;
    if (edit.turn) fill("");
    edit(null);
    find("#moved").replaceChildren();
    find("#live").classList.add("stale"); // until the first turn of this one arrives
    document.body.dataset.live = "none";
    window.dispatchEvent(new CustomEvent("assistant:talk", { detail: { id } }));
    visits += 1;
    entering = new Promise((done) => { entered = done; setTimeout(done, 5000); });
    send("enter", { id, visit: visits });
  }

  function begin() {
    history.replaceState(null, "", "#chat");
    assistantPage.closeAll();
    enter("");
    if (assistantPage.place().view !== document.body.dataset.view) location.hash = "#chat";
    box()?.focus();
  }

  function viewed({ detail }) {
    if (detail.view !== "chat") return;
    if (detail.id && detail.id !== here) enter(detail.id);
    else if (here) history.replaceState(null, "", `#chat/${here}`);
    if (detail.before && detail.before !== "chat") send("refresh");
    if (!assistantPage.narrow.matches) box()?.focus({ preventScroll: true });
  }

  function settled() {
    if (Number(find("#head .talk-head")?.dataset.visit) === visits) entered();
  }

  // The first question begins a conversation, and that has an address.
  function begun(id) {
    if (above) send("above");
    above = false;
    if (!id || id === here) return;
    here = id;
    if (assistantPage.place().view === "chat") history.replaceState(null, "", `#chat/${id}`);
    window.dispatchEvent(new CustomEvent("assistant:talk", { detail: { id } }));
  }

  // --- Turns: the one that is answered comes from the server; a finished one stays where it is put.

  function changed() {
    const turn = live();
    if (!turn) return;
    const stale = left.has(turn.dataset.conversation);
    find("#live").classList.toggle("stale", stale);
    if (stale) return;
    document.body.dataset.live = turn.classList.contains("running") ? "running" : "done";
    const key = `${turn.dataset.conversation} ${turn.dataset.turn}`;
    const isNew = key !== changed.key || (turn.classList.contains("running") && changed.done);
    if (isNew) begun(turn.dataset.conversation);
    if (isNew) makeRoom(turn);
    if (isNew || atEnd) toEnd();
    changed.key = key;
    const looked = turn.querySelector("details.looked");
    if (looked && changed.opened === key) looked.open = true;
    const done = turn.classList.contains("done");
    if (done && !changed.done) answered(turn);
    if (!done) progress(turn);
    changed.done = done;
  }

  function makeRoom(turn) {
    all("#past .turn, #moved .turn").forEach((each) => {
      if (number(each) >= number(turn)) each.remove();
    });
    if (finished && number(finished) < number(turn)) find("#moved").append(finished);
    finished = null;
    edit(null);
  }

  function answered(turn) {
    finished = turn.cloneNode(true);
    const answer = turn.querySelector(".a, .no, .trouble")?.cloneNode(true);
    answer?.querySelectorAll("sup").forEach((each) => each.remove());
    tell(`${say("Answer:")} ${answer?.textContent ?? say("Stopped")}`);
    window.dispatchEvent(new CustomEvent("assistant:answered", { detail: { turn } }));
  }

  function progress(turn) {
    tell(turn.querySelector(".reading span, .steps")?.textContent ?? "");
  }

  function toEnd() {
    const talk = find("#talk");
    talk.scrollTop = talk.scrollHeight;
    scrolled = talk.scrollTop; // can be less than before: a question is shorter than an answer
    atEnd = true;
  }

  function follow(talk) {
    talk.addEventListener("scroll", () => {
      const near = talk.scrollTop + talk.clientHeight > talk.scrollHeight - 60;
      if (near || talk.scrollTop < scrolled) atEnd = near; // else only a person scrolls up
      scrolled = talk.scrollTop;
    });
    const watch = { childList: true, subtree: true, characterData: true, attributes: true };
    new MutationObserver(changed).observe(find("#turn"), { ...watch, attributeFilter: ["class", "data-turn", "data-conversation"] });
    new MutationObserver(() => { if (atEnd) toEnd(); }).observe(find("#words"), { ...watch, attributes: false });
    new MutationObserver(() => { finished = null; toEnd(); }).observe(find("#past"), { ...watch, subtree: false, childList: true });
    new MutationObserver(settled).observe(find("#head"), { ...watch, attributeFilter: ["data-conversation", "data-visit"] });
    new MutationObserver(read).observe(find("#letter"), watch);
  }

  // --- Asking.

  async function wish() {
    const said = asking;
    asking = {};
    if (!said.question) clear();
    await entering;
    above = !here || Boolean(said.everything);
    return { conversation: here, ...said };
  }

  // The question goes the way of one that was typed, but leaves the box as it is.
  function ask(question, more = {}) {
    if (isRunning() || !question.trim()) return;
    asking = { question, ...more };
    find("#ask").click();
  }

  function questionOf(turn) {
    return turn.querySelector(".q > span:last-child").textContent;
  }

  function askAgain(turn, more = {}) {
    ask(questionOf(turn), { ...(isLast(turn) ? { replaces: number(turn) } : {}), ...more });
  }

  // The last question in the box again; what is asked next takes its place.
  function edit(turn) {
    const note = find("#editing");
    if (!turn) {
      note?.remove();
      if (edit.turn) delete asking.replaces;
      edit.turn = null;
      return;
    }
    edit.turn = turn;
    asking = { replaces: number(turn) };
    fill(questionOf(turn));
    if (note) return;
    const shown = document.createElement("div");
    shown.id = "editing";
    const cancel = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: say("Cancel") });
    cancel.addEventListener("click", () => { edit(null); fill(""); });
    shown.append(say("The question is asked anew and its answer replaced."), " ", cancel);
    find("#composer").prepend(shown);
  }

  function clear() {
    box().value = "";
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function fill(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
  }

  // Half a question is enough for the model to begin to read what it will need.
  let waiting = 0;
  let likely = "";

  function typing({ target }) {
    if (!target.matches?.("#question textarea")) return;
    clearTimeout(waiting);
    const question = target.value.trim();
    waiting = setTimeout(() => {
      if (isRunning() || question === likely || question.split(/\s+/).length < 3) return;
      likely = question;
      send("likely", { question });
    }, /\s$/.test(target.value) ? 0 : 300);
  }

  // Enter in an empty box asks nothing, nor does it while an answer is on its way.
  function keepBack(event) {
    if (event.key !== "Enter" || event.shiftKey || !event.target.matches("#question textarea")) return;
    if (event.target.value.trim() && !isRunning()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // --- What can be done with an answer.

  function judge(button) {
    const turn = button.closest(".turn");
    const liked = button.getAttribute("aria-pressed") === "true" ? null : button.dataset.do === "like";
    turn.querySelectorAll(".thumb").forEach((each) => {
      each.setAttribute("aria-pressed", String(liked !== null && (each.dataset.do === "like") === liked));
    });
    turn.querySelector(".remark")?.remove();
    const told = { conversation: turn.dataset.conversation, number: number(turn), liked };
    send("judge", told);
    if (liked !== null) turn.append(remark(told, button.dataset.remark));
    turn.querySelector(".remark input")?.focus();
    keepCopy(turn);
  }

  function remark(told, before) {
    const form = Object.assign(document.createElement("form"), { className: "remark" });
    const input = Object.assign(document.createElement("input"), { maxLength: 2000, value: before ?? "", dir: "auto" });
    const label = told.liked ? say("What was good about it? (optional)") : say("What was wrong with it? (optional)");
    input.placeholder = label;
    input.setAttribute("aria-label", label);
    const save = Object.assign(document.createElement("button"), { textContent: say("Save") });
    form.append(input, save);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send("judge", { ...told, remark: input.value });
      const thumb = form.closest(".turn").querySelector('.thumb[aria-pressed="true"]');
      if (thumb) thumb.dataset.remark = input.value;
      const turn = form.closest(".turn");
      form.remove();
      thumb?.focus();
      keepCopy(turn);
    });
    return form;
  }

  // The copy that will be moved must look as the turn does now.
  function keepCopy(turn) {
    if (!turn.closest("#turn")) return;
    finished = turn.cloneNode(true);
    finished.querySelector(".remark")?.remove();
  }

  const DEEDS = {
    again: (turn) => askAgain(turn),
    edit: (turn) => edit(turn),
    widen: (turn) => askAgain(turn, { everything: true }),
    like: (turn, button) => judge(button),
    dislike: (turn, button) => judge(button),
    "copy-markdown": (turn) => send("take", { conversation: turn.dataset.conversation, number: number(turn), form: "markdown" }),
    "copy-plain": (turn) => send("take", { conversation: turn.dataset.conversation, number: number(turn), form: "plain" }),
  };

  function clicked(event) {
    if (event.target.closest("#new, #new-too")) return begin();
    const suggested = event.target.closest("[data-suggest]");
    if (suggested) return ask(suggested.textContent);
    const kind = event.target.closest("[data-export]");
    if (kind) send("file", { conversation: here, form: kind.dataset.export });
    const deed = event.target.closest("#talk [data-do]");
    if (deed) DEEDS[deed.dataset.do](deed.closest(".turn"), deed);
    if (kind || deed?.closest(".menu")) event.target.closest(".menu").open = false;
    const found = event.target.closest("#turn summary.steps");
    if (found) changed.opened = found.parentElement.open ? null : changed.key;
  }

  // --- Letters from the server.

  function read() {
    const text = find("#letter pre")?.textContent;
    const letter = text ? JSON.parse(text) : {};
    if (letter.kind === "copy") copy(letter.text);
    if (letter.kind === "file") save(letter);
    if (letter.kind === "said") mention(letter.text);
    if (letter.kind === "judged" && letter.remarked) mention(say("Thank you. It is kept with the conversation."));
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    mention(say("Copied."));
  }

  function save({ name, type, text }) {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  assistantPage.whenReady(() => {
    document.body.dataset.live = "none";
    follow(find("#talk"));
  });
  document.addEventListener("click", clicked);
  document.addEventListener("keypress", keepBack, true);
  document.addEventListener("keydown", keepBack, true);
  document.addEventListener("input", typing);
  window.addEventListener("assistant:view", viewed);

  return { wish, begin, ask, here: () => here };
})();
window.assistantChat = assistantChat;

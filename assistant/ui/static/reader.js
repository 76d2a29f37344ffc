// Citations: a card while one is pointed at, and the article in the reader, its sentences marked.
"use strict";

const assistantReader = (() => {
  const { find, all, say, send } = assistantPage;
  const MARKS = "#talk button[data-n], #talk button[data-e]";
  let shown = null; // {key, kind, turn, numbers, at}: what the reader shows
  let wanted = null; // the same of what the server has been asked for

  // --- The reader.

  function numbersOf(turn, kind) {
    const name = kind === "found" ? "e" : "n";
    const numbers = [...turn.querySelectorAll(`button[data-${name}]`)].map((each) => each.dataset[name]);
    return [...new Set(numbers)];
  }

  function show(button, { over = true, move = true } = {}) {
    const turn = button.closest(".turn");
    const kind = button.dataset.e ? "found" : "cited";
    const { conversation, turn: number } = turn.dataset;
    const numbers = numbersOf(turn, kind);
    const at = numbers.indexOf(button.dataset.e ?? button.dataset.n);
    const key = `${conversation} ${number} ${kind} ${turn.querySelector(".a, .no")?.textContent.length ?? 0}`;
    wanted = { key, kind, turn: number, numbers, at, over, move };
    if (find("#sources .sources")?.dataset.key === key) arrived();
    else send("read", { key, conversation, number: Number(number), kind });
  }

  function arrived() {
    const sources = find("#sources .sources");
    if (!wanted || !sources || sources.dataset.key !== wanted.key) return;
    const number = wanted.numbers[wanted.at];
    const mark = wanted.numbers.length ? sources.querySelector(`mark[data-n~="${number}"]`) : null;
    const article = mark?.closest("article") ?? sources.querySelector("article");
    if (!article) return;
    shown = wanted;
    wanted = null;
    const paper = article.cloneNode(true);
    find("#reader-paper").replaceChildren(bar(), paper);
    highlight(paper, number);
    if (shown.over) assistantPage.open("#reader");
    const target = paper.querySelector("mark.on");
    if (target && shown.move) assistantPage.bring(find("#reader"), target);
    else if (shown.move) find("#reader").scrollTop = 0;
  }

  function highlight(paper, number) {
    all(MARKS).forEach((each) => each.classList.remove("on"));
    if (!shown.numbers.length) return;
    const name = shown.kind === "found" ? "e" : "n";
    all(`#talk .turn[data-turn="${shown.turn}"] button[data-${name}="${number}"]`).forEach((each) => each.classList.add("on"));
    paper.querySelectorAll(`mark[data-n~="${number}"]`).forEach((each) => each.classList.add("on"));
  }

  function bar() {
    const { numbers, at, kind } = shown;
    const made = document.createElement("div");
    made.className = "reader-bar";
    if (numbers.length) {
      const where = document.createElement("span");
      where.append(say("{at} of {all}", { at: at + 1, all: numbers.length }), " ");
      const what = kind === "found" ? say("found sentences") : say("cited sentences");
      where.append(Object.assign(document.createElement("span"), { className: "what", textContent: what }));
      made.append(step(-1, "‹", say("Previous sentence"), at === 0),
        step(1, "›", say("Next sentence"), at === numbers.length - 1), where);
    }
    made.append(button("only", say("Only this article"), say("Ask only this article")),
      button("close", say("Close"), say("Close the article")));
    return made;
  }

  function button(name, text, label) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: name, textContent: text });
    made.setAttribute("aria-label", label);
    return made;
  }

  function step(by, sign, label, over) {
    const made = button("step", sign, label);
    made.dataset.step = by;
    made.disabled = over;
    return made;
  }

  function stepTo(by) {
    const turn = shown && find(`#talk .turn[data-turn="${shown.turn}"]`);
    const number = shown?.numbers[shown.at + by];
    if (!turn || number === undefined) return;
    const inside = find("#reader-paper .reader-bar").contains(document.activeElement);
    const name = shown.kind === "found" ? "e" : "n";
    show(turn.querySelector(`button[data-${name}="${number}"]`));
    if (!inside) return;
    const next = find(`#reader-paper [data-step="${by}"]`);
    (next?.disabled ? find(`#reader-paper [data-step="${-by}"]`) : next)?.focus({ preventScroll: true });
  }

  function only() {
    const { article, title } = find("#reader-paper .paper").dataset;
    assistantPage.closeAll();
    window.dispatchEvent(new CustomEvent("assistant:limit", { detail: { article, title } }));
  }

  function current(id) {
    wanted = { key: `now ${id}`, kind: "now", turn: shown?.turn, numbers: [], at: 0, over: true, move: true };
    send("read", { key: wanted.key, article: id });
  }

  function empty() {
    shown = wanted = null;
    find("#reader-paper")?.replaceChildren();
  }

  function clicked(event) {
    const mark = event.target.closest(MARKS);
    if (mark) {
      hide();
      return show(mark);
    }
    const by = event.target.closest(".reader-bar [data-step]");
    if (by) return stepTo(Number(by.dataset.step));
    if (event.target.closest("#reader .only")) return only();
    const now = event.target.closest("[data-current]");
    if (now) current(now.dataset.current);
  }

  // --- The card: what a citation says, or why a sentence is dotted.

  const card = Object.assign(document.createElement("div"), { id: "card" });
  card.setAttribute("role", "tooltip");
  let pointed = null;

  function point(target) {
    const what = target.closest?.("#talk .cite[data-quote], #talk .un");
    if (!what || what === pointed) return what;
    pointed = what;
    card.replaceChildren(...written(what));
    (what.closest("[role=main]") ?? document.body).append(card);
    what.setAttribute("aria-describedby", "card");
    put(what.getClientRects()[0] ?? what.getBoundingClientRect());
    return what;
  }

  function written({ dataset }) {
    if (dataset.why) return [line("p", dataset.why)];
    const lines = [line("blockquote", dataset.quote), line("b", dataset.title)];
    return dataset.by ? [...lines, line("small", dataset.by)] : lines;
  }

  function line(tag, text) {
    return Object.assign(document.createElement(tag), { textContent: text, dir: "auto" });
  }

  function put(spot) {
    const size = card.getBoundingClientRect();
    const left = Math.min(Math.max(8, spot.left - 24), innerWidth - size.width - 8);
    const over = spot.top - size.height - 8;
    card.style.left = `${left}px`;
    card.style.top = `${over > 8 ? over : spot.bottom + 8}px`;
  }

  function hide() {
    pointed?.removeAttribute("aria-describedby");
    pointed = null;
    card.remove();
  }

  function typed(event) {
    if (event.key === "Escape" && pointed) {
      event.preventDefault(); // the card alone, not the drawer below it
      return hide();
    }
    const keys = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 };
    const writing = event.target.closest?.("input, textarea");
    if (!keys[event.key] || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!find("#reader")?.contains(document.activeElement)) return;
    event.preventDefault();
    stepTo(keys[event.key]);
  }

  document.addEventListener("click", clicked);
  document.addEventListener("keydown", typed, true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (!point(event.target) && !card.contains(event.target)) hide();
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches?.(":focus-visible") || !point(event.target)) hide();
  });
  document.addEventListener("scroll", hide, true);

  assistantPage.whenReady(() => {
    new MutationObserver(arrived).observe(find("#sources"), { childList: true, subtree: true, attributes: true, characterData: true });
  });
  // The first citation of an answer is seen without a click where there is room for it.
  window.addEventListener("assistant:answered", ({ detail }) => {
    const first = detail.turn.querySelector(".cite[data-n]");
    if (first && !assistantPage.narrow.matches) show(first, { over: false });
  });
  window.addEventListener("assistant:talk", empty);

  return { show };
})();
window.assistantReader = assistantReader;

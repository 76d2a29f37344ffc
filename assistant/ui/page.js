// What the page does without asking the server: views, citations and the reader.
"use strict";

const assistantPage = (() => {
  const VIEWS = ["chat", "articles", "settings"];
  const narrow = window.matchMedia("(max-width: 900px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let shown = null; // {turn, numbers, at}: the turn in the reader and which citation of it
  let opener = null; // what had the focus before the reader was opened over the page

  const find = (selector) => document.querySelector(selector);

  // Views: the part of the address after # says which one is seen.

  function view() {
    const name = location.hash.slice(1);
    return VIEWS.includes(name) ? name : "chat";
  }

  function showView() {
    document.body.dataset.view = view();
    markView();
    closeReader();
    if (view() === "chat") find("#question textarea")?.focus({ preventScroll: true });
  }

  function markView() {
    document.querySelectorAll("#nav a").forEach((link) => {
      const here = link.dataset.view === view();
      if (here && !link.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
      if (!here && link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
    });
  }

  // The reader: shows the articles of one turn, at one citation.

  function numbersOf(turn) {
    const all = [...turn.querySelectorAll("button[data-n]")].map((button) => button.dataset.n);
    return [...new Set(all)];
  }

  function showCitation(turn, number, { over = true } = {}) {
    const mark = turn.querySelector(`.sources mark[data-n~="${number}"]`);
    if (!mark) return;
    const paper = mark.closest("article").cloneNode(true);
    const numbers = numbersOf(turn);
    shown = { turn: turn.dataset.turn, numbers, at: numbers.indexOf(number) };
    find("#reader-paper").replaceChildren(readerBar(), paper);
    document.querySelectorAll("#talk button[data-n].on").forEach((b) => b.classList.remove("on"));
    turn.querySelectorAll(`button[data-n="${number}"]`).forEach((b) => b.classList.add("on"));
    const marks = [...paper.querySelectorAll(`mark[data-n~="${number}"]`)];
    marks.forEach((m) => m.classList.add("on"));
    if (over) openReader("#reader");
    bring(find("#reader"), marks[0]);
  }

  function readerBar() {
    const bar = document.createElement("div");
    bar.className = "reader-bar";
    const { numbers, at } = shown;
    const what = numbers.length === 1 ? "cited sentence" : "cited sentences";
    bar.innerHTML =
      '<button type="button" class="step" data-step="-1" aria-label="Previous cited sentence">‹</button>' +
      '<button type="button" class="step" data-step="1" aria-label="Next cited sentence">›</button>' +
      `<span><b>${at + 1} of ${numbers.length}</b> ${what}</span>` +
      '<button type="button" class="close" aria-label="Close the article">Close</button>';
    bar.querySelector('[data-step="-1"]').disabled = at === 0;
    bar.querySelector('[data-step="1"]').disabled = at === numbers.length - 1;
    return bar;
  }

  function stepTo(by) {
    const turn = find(`#talk .turn[data-turn="${shown?.turn}"]`);
    const number = shown?.numbers[shown.at + by];
    if (!turn || number === undefined) return;
    showCitation(turn, number);
    const button = find(`#reader-paper [data-step="${by}"]`);
    (button.disabled ? find(`#reader-paper [data-step="${-by}"]`) : button).focus({ preventScroll: true });
  }

  function emptyReader() {
    shown = null;
    find("#reader-paper")?.replaceChildren();
    closeReader();
  }

  // On a narrow screen the reader lies over the page.

  function openReader(name) {
    if (!narrow.matches) return;
    opener ??= document.activeElement;
    find(name).classList.add("open");
    find(`${name} .close`)?.focus({ preventScroll: true });
  }

  function closeReader() {
    document.querySelectorAll(".reader.open").forEach((reader) => reader.classList.remove("open"));
    opener?.focus?.({ preventScroll: true });
    opener = null;
  }

  function bring(pane, target) {
    const from = pane.getBoundingClientRect();
    const to = target.getBoundingClientRect();
    const top = pane.scrollTop + to.top - from.top - Math.max(0, (from.height - to.height) / 2.6);
    pane.scrollTo({ top, behavior: still.matches ? "auto" : "smooth" });
  }

  // A first click asks once more, in the button itself; a second one within 4 s confirms.

  function confirmed(button) {
    if (button.classList.contains("sure")) return true;
    const label = button.textContent;
    button.classList.add("sure");
    button.textContent = "Really remove?";
    setTimeout(() => {
      button.classList.remove("sure");
      if (button.textContent === "Really remove?") button.textContent = label;
    }, 4000);
    return false;
  }

  function clicked(event) {
    const cite = event.target.closest("#talk button[data-n]");
    if (cite) return showCitation(cite.closest(".turn"), cite.dataset.n);
    const step = event.target.closest(".reader-bar [data-step]");
    if (step) return stepTo(Number(step.dataset.step));
    if (event.target.closest("[data-open]")) return openReader("#articles-reader");
    if (event.target.closest(".reader .close")) return closeReader();
    if (event.target.closest("#new")) {
      emptyReader();
      location.hash = "#chat";
      find("#question textarea")?.focus();
    }
  }

  // Enter in an empty box asks nothing.

  function keepEmpty(event) {
    if (event.key !== "Enter" || event.shiftKey || !event.target.matches("#question textarea")) return;
    if (event.target.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Follow the answer while it grows, unless the person has scrolled away from its end.

  function follow(talk) {
    let atEnd = true;
    let asked = null; // the turn that was last brought into view
    let presented = null; // the answer whose first citation was shown of itself
    talk.addEventListener("scroll", () => {
      atEnd = talk.scrollTop + talk.clientHeight > talk.scrollHeight - 60;
    });
    const changed = () => {
      const turn = find("#live .turn");
      const number = turn?.dataset.turn ?? null;
      if (turn && (number !== asked || atEnd)) talk.scrollTop = talk.scrollHeight;
      asked = number;
      if (!turn?.classList.contains("done")) presented = null;
      else if (presented !== number) {
        presented = number;
        const first = turn.querySelector(".cite[data-n]");
        if (first) showCitation(turn, first.dataset.n, { over: false });
      }
    };
    new MutationObserver(changed).observe(find("#live"), {
      childList: true, subtree: true, characterData: true, attributes: true,
      attributeFilter: ["class", "data-turn"],
    });
  }

  function landmarks() {
    const roles = { "#rail": "banner", "#view-chat": "main", "#reader": "complementary" };
    Object.entries(roles).forEach(([name, role]) => find(name).setAttribute("role", role));
    find("#reader").setAttribute("aria-label", "The cited article");
    find("#talk").setAttribute("tabindex", "-1");
  }

  function start() {
    landmarks();
    follow(find("#talk"));
    // Gradio writes the links anew whenever the number of articles changes.
    new MutationObserver(markView).observe(find("#nav"), { attributes: true, subtree: true });
    showView();
    document.body.classList.add("ready");
  }

  document.addEventListener("click", clicked);
  document.addEventListener("keypress", keepEmpty, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeReader();
  });
  window.addEventListener("hashchange", showView);
  const waiting = setInterval(() => {
    if (!find("#live") || !find("#reader-paper") || !find("#nav a")) return;
    clearInterval(waiting);
    start();
  }, 50);

  return { confirmed };
})();
window.assistantPage = assistantPage;

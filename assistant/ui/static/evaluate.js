// What the tab that measures the answers does by itself, and which clicks it passes on.
"use strict";

const assistantEvaluate = (() => {
  const find = (selector) => document.querySelector(selector);
  let opener = null; // what the focus goes back to when a run is closed

  // The third argument of the three below only names the events for Gradio, which looks for them.

  function home(element, trigger) {
    const chosen = () => find('input[name="ev-source"]:checked')?.value ?? "";
    const look = () => {
      if (location.hash === "#evaluate") trigger("seen", { chosen: chosen() });
    };
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-run]")) trigger("run", { source: chosen() });
      if (event.target.closest("[data-stop]")) trigger("stop");
    });
    window.addEventListener("hashchange", look);
    setTimeout(look); // the page was opened at this tab
  }

  function list(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { open, resume, remove } = button.dataset;
      if (open) {
        opener = open;
        trigger("open", { name: open });
      }
      if (resume) trigger("resume", { name: resume });
      if (remove && sure(button)) trigger("remove", { name: remove });
      if ("compare" in button.dataset) {
        opener = null;
        trigger("compare", { names: ticked(element).map((box) => box.value) });
      }
    });
    element.addEventListener("change", () => {
      const enough = ticked(element).length === 2;
      element.querySelectorAll(".pick input:not(:checked)").forEach((box) => (box.disabled = enough));
      const button = element.querySelector("[data-compare]");
      if (button) button.disabled = !enough;
    });
  }

  const ticked = (element) => [...element.querySelectorAll(".pick input:checked")];

  // A first click asks once more, in the button itself; a second one within 4 s confirms.

  function sure(button) {
    if (button.classList.contains("sure")) return true;
    const label = button.textContent;
    button.classList.add("sure");
    button.textContent = button.dataset.sure;
    setTimeout(() => {
      button.classList.remove("sure");
      button.textContent = label;
    }, 4000);
    return false;
  }

  function paper(element, trigger) {
    element.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#q"]');
      if (link) return quoted(event, link);
      const button = event.target.closest("button");
      if (!button) return;
      if ("back" in button.dataset) trigger("back");
      if (button.dataset.download) trigger("download", { kind: button.dataset.download });
      if (button.closest(".ev-filters")) {
        button.parentElement.querySelectorAll("button").forEach((each) => {
          each.setAttribute("aria-pressed", String(each === button));
        });
        trigger("choose", { outcome: button.value });
      }
      if ("more" in button.dataset) {
        keepOpen(element);
        trigger("more");
      }
    });
    if (element.closest("#ev-paper")) new MutationObserver(turned).observe(element, WATCHED);
  }

  const WATCHED = { childList: true, subtree: true };

  // What follows # in the address names a view, so a mark leads to its quote by hand.

  function quoted(event, link) {
    event.preventDefault();
    const quote = document.getElementById(link.getAttribute("href").slice(1));
    if (!quote) return;
    document.querySelectorAll("#ev-run .quotes .on").forEach((each) => each.classList.remove("on"));
    quote.classList.add("on");
    quote.setAttribute("tabindex", "-1");
    quote.focus();
  }

  // More questions: those that were open stay so, and the reader goes on with the first new one.

  function keepOpen(element) {
    const before = [...element.querySelectorAll(".questions > details")].map((each) => each.open);
    const seen = new MutationObserver(() => {
      const now = [...element.querySelectorAll(".questions > details")];
      if (now.length <= before.length) return;
      seen.disconnect();
      before.forEach((open, i) => (now[i].open = open));
      now[before.length].querySelector("summary").focus({ preventScroll: true });
    });
    seen.observe(element, WATCHED);
  }

  // A run was opened or closed: the view begins at its top, the focus on its heading.

  let shown = false;

  function turned() {
    const heading = find("#ev-paper h1, #ev-paper .trouble");
    if (Boolean(heading) === shown) return;
    shown = Boolean(heading);
    find("#view-evaluate").scrollTop = 0;
    if (shown) heading.focus({ preventScroll: true });
    else if (opener) find(`#ev-list [data-open="${CSS.escape(opener)}"]`)?.focus();
  }

  function save() {
    setTimeout(() => find("#ev-save")?.click(), 60); // after Gradio has written the address
  }

  return { home, list, paper, save };
})();
window.assistantEvaluate = assistantEvaluate;

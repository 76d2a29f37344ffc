// The articles: what is clicked or typed there and goes to the server as an event of its own.
"use strict";

const assistantArticles = (() => {
  const NAME = "#articles";

  // A click on [data-NAME] becomes the event NAME with what stands there. A second click of a
  // double click would hit what has moved up in the meantime, so it counts for nothing.
  function listen(element, trigger, names) {
    element.addEventListener("click", (event) => {
      if (event.detail > 1) return;
      for (const name of names) {
        const hit = event.target.closest(`[data-${name}]`);
        if (hit) trigger(name, { id: hit.dataset[name] });
      }
    });
  }

  function values(form) {
    return Object.fromEntries(new FormData(form));
  }

  // A form looks as the server says that it stands.
  function settle(element) {
    element.querySelectorAll("option").forEach((each) => { each.selected = each.hasAttribute("selected"); });
    element.querySelectorAll("input[type=radio]").forEach((each) => { each.checked = each.hasAttribute("checked"); });
    element.querySelectorAll("input:not([type=radio])").forEach((each) => { each.value = each.getAttribute("value") ?? ""; });
  }

  // The server says anew what can be chosen. What it says may be older than the last choice,
  // so the form is left as it stands, unless everything was just cleared.
  let cleared = false;

  function filters(element, trigger, watch) {
    element.addEventListener("submit", (event) => event.preventDefault());
    element.addEventListener("change", (event) => {
      cleared = false;
      trigger(values(event.target.form));
    });
    watch("value", () => { if (cleared) settle(element); });
  }

  // The article beside the list: after Edit the title is ready to be typed over, and after that
  // the focus is where it was before.
  function pane(element, trigger, watch) {
    let edited = false;
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      trigger({ id: form.dataset.save, values: values(form) });
    });
    watch("value", () => {
      const form = element.querySelector("form");
      if (form && !edited) {
        settle(form);
        form.elements.title.focus();
      }
      if (!form && edited) element.querySelector("[data-edit]")?.focus({ preventScroll: true });
      if (!form) element.closest(".reader").scrollTop = 0;
      edited = Boolean(form);
    });
  }

  // What another tab, or a watched folder, has changed meanwhile is seen when one comes back.
  function whenSeen(trigger) {
    const look = () => {
      if (location.hash === NAME && !document.hidden) trigger();
    };
    window.addEventListener("hashchange", look);
    document.addEventListener("visibilitychange", look);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) {
      cleared = true;
      // The server's answer may be what it said before, and then nothing is written anew.
      settle(document.querySelector("#article-filters"));
    }
    const ask = event.target.closest("[data-ask]");
    if (!ask) return;
    const detail = { article: ask.dataset.ask, title: ask.dataset.title };
    location.hash = "#chat";
    window.dispatchEvent(new CustomEvent("assistant:limit", { detail }));
  });

  return { listen, filters, pane, whenSeen };
})();
window.assistantArticles = assistantArticles;

// What the whole page does without asking the server: views, drawers, and the reader's language.
"use strict";

const assistantPage = (() => {
  const VIEWS = ["chat", "articles", "evaluate", "settings"];
  const narrow = window.matchMedia("(max-width: 900px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const starting = []; // what the other scripts do once everything is there
  let spoken = null; // {language, words}: the words in the reader's language, by the English ones
  let send = () => {};
  let opener = null; // what had the focus before a drawer was opened

  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Words: say("{n} of {all}", {n: 1, all: 3}).

  function say(english, values = {}) {
    const text = spoken?.words[english] ?? english;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function translate() {
    all("[data-say]").forEach((element) => {
      element.dataset.say ||= element.textContent.replace(/\s+/g, " ").trim();
      const text = say(element.dataset.say);
      if (element.textContent.replace(/\s+/g, " ").trim() !== text) element.textContent = text;
    });
    all("[data-say-label]").forEach((element) => {
      const text = say(element.dataset.sayLabel);
      if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
      if (element.matches("input") && element.placeholder !== text) element.placeholder = text;
    });
  }

  function learn() {
    const text = find("#spoken pre")?.textContent;
    if (!text) return false;
    spoken = JSON.parse(text);
    document.documentElement.lang = spoken.language;
    translate();
    return true;
  }

  // Events: all that the scripts tell the server goes through one component of Gradio's.

  function connect(trigger) {
    send = trigger;
  }

  // Views: the part of the address after # says which one is seen: #articles, #chat/CONVERSATION.

  function place() {
    const [view, id] = location.hash.slice(1).split("/");
    return VIEWS.includes(view) ? { view, id: id ?? "" } : { view: "chat", id: "" };
  }

  function showView() {
    const before = document.body.dataset.view;
    document.body.dataset.view = place().view;
    markView();
    closeAll();
    window.dispatchEvent(new CustomEvent("assistant:view", { detail: { before, ...place() } }));
  }

  function markView() {
    all("#nav a").forEach((link) => {
      const here = link.dataset.view === place().view;
      if (here && !link.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
      if (!here && link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
    });
  }

  // Drawers: on a narrow screen the rail and the readers lie over the page.

  function open(name) {
    if (!narrow.matches) return;
    opener ??= document.activeElement;
    all("#rail.open, .reader.open").forEach((each) => each.classList.remove("open"));
    find(name).classList.add("open");
    settle();
    find(`${name} .close`)?.focus({ preventScroll: true });
  }

  // What lies under a drawer is out of reach until that is closed.
  function settle() {
    const drawer = narrow.matches && find("#rail.open, .reader.open");
    all("#frame > *").forEach((each) => { each.inert = Boolean(drawer) && !each.contains(drawer); });
    find("#menu")?.setAttribute("aria-expanded", String(Boolean(drawer && drawer.id === "rail")));
    document.body.classList.toggle("drawn", Boolean(drawer));
  }

  function closeAll() {
    all("#rail.open, .reader.open").forEach((each) => each.classList.remove("open"));
    settle();
    opener?.focus?.({ preventScroll: true });
    opener = null;
  }

  const isDrawn = () => document.body.classList.contains("drawn");

  // A menu closes when something else is clicked or reached.

  function closeMenus(but) {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(but)) menu.open = false; });
  }

  // A first click asks once more, in the button itself; a second one within 4 s confirms.

  function confirmed(button, question = say("Really remove?")) {
    if (button.classList.contains("sure")) return true;
    const label = button.textContent;
    button.classList.add("sure");
    button.textContent = question;
    setTimeout(() => {
      button.classList.remove("sure");
      if (button.textContent === question) button.textContent = label;
    }, 4000);
    return false;
  }

  function bring(pane, target) {
    const from = pane.getBoundingClientRect();
    const to = target.getBoundingClientRect();
    const top = pane.scrollTop + to.top - from.top - Math.max(0, (from.height - to.height) / 2.6);
    pane.scrollTo({ top, behavior: still.matches ? "auto" : "smooth" });
  }

  // What a screen reader says, and nothing else of what happens on the way.
  function tell(text) {
    const status = find("#status");
    if (status && status.textContent !== text) status.textContent = text;
  }

  // Something said in passing at the foot of the page.
  function mention(text) {
    const note = find("#mention") ?? document.body.appendChild(document.createElement("div"));
    note.id = "mention";
    note.setAttribute("role", "status");
    note.textContent = text;
    note.classList.add("seen");
    clearTimeout(mention.timer);
    mention.timer = setTimeout(() => note.classList.remove("seen"), 3500);
  }

  function clicked(event) {
    closeMenus(event.target);
    if (event.target.closest("#menu")) return open("#rail");
    if (event.target.closest("#view-articles [data-open]")) return open("#articles-reader");
    if (event.target.closest(".reader .close, #rail .close") || event.target.id === "frame") closeAll();
  }

  function typed(event) {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (place().view !== "chat") location.hash = "#chat";
      closeAll();
      find("#question textarea")?.focus();
    }
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = find("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else closeAll();
  }

  function landmarks() {
    const roles = { "#bar": "banner", "#rail": "navigation", "#reader": "complementary" };
    find("gradio-app main")?.setAttribute("role", "none"); // each view is one
    all("#frame > .view").forEach((view) => view.setAttribute("role", "main"));
    Object.entries(roles).forEach(([name, role]) => find(name).setAttribute("role", role));
    find("#rail").setAttribute("aria-label", say("Conversations and views"));
    find("#reader").setAttribute("aria-label", say("The cited article"));
    find("#reader").setAttribute("tabindex", "0");
    find("#talk").setAttribute("tabindex", "-1");
  }

  function start() {
    landmarks();
    // Gradio writes the links anew whenever the number of articles changes.
    new MutationObserver(() => { markView(); translate(); }).observe(find("#nav"), {
      attributes: true, subtree: true, childList: true, characterData: true,
    });
    narrow.addEventListener("change", closeAll);
    starting.forEach((begin) => begin());
    showView();
    document.body.classList.add("ready");
  }

  document.addEventListener("click", clicked);
  document.addEventListener("keydown", typed);
  window.addEventListener("hashchange", showView);
  const waiting = setInterval(() => {
    const there = ["#turn", "#reader-paper", "#nav a", "#question textarea"].every(find);
    if (!there || !learn()) return;
    clearInterval(waiting);
    start();
  }, 30);

  return {
    find, all, say, connect, place, open, closeAll, isDrawn, confirmed, bring, tell, mention, narrow,
    send: (name, data = {}) => send(name, data),
    whenReady: (begin) => starting.push(begin),
  };
})();
window.assistantPage = assistantPage;

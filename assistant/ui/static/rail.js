// The rail: the list of conversations, and what is looked in.
"use strict";

const assistantRail = (() => {
  const { find, all, say, send } = assistantPage;
  const NOTHING = { articles: [], tags: [], sources: [], since: null, until: null };

  // --- Conversations.

  let opened = null; // {id, deeds}: they stay with their conversation when the list is written anew

  function markHere() {
    const here = assistantChat.here();
    all("#talks li").forEach((row) => {
      const link = row.querySelector("a");
      if (row.dataset.id === here) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    });
    const row = opened && find(`#talks li[data-id="${CSS.escape(opened.id)}"]`);
    if (row && !row.contains(opened.deeds)) show(row, document.activeElement === document.body);
  }

  function more(button) {
    const row = button.closest("li");
    const again = opened?.id === row.dataset.id;
    opened?.deeds.remove();
    all("#talks .more").forEach((each) => each.setAttribute("aria-expanded", "false"));
    opened = again ? null : { id: row.dataset.id, deeds: deedsOf(row.dataset.id) };
    if (opened) show(row, true);
  }

  function show(row, focus) {
    row.querySelector(".more").setAttribute("aria-expanded", "true");
    row.append(opened.deeds);
    if (focus) opened.deeds.querySelector("button").focus();
  }

  function deedsOf(id) {
    const deeds = Object.assign(document.createElement("span"), { className: "deeds" });
    const rename = Object.assign(document.createElement("button"), { type: "button", textContent: say("Rename") });
    const forget = Object.assign(document.createElement("button"), { type: "button", textContent: say("Delete") });
    rename.addEventListener("click", () => naming(deeds.closest("li")));
    forget.addEventListener("click", () => {
      if (assistantPage.confirmed(forget, say("Really delete?"))) remove(id);
    });
    deeds.append(rename, forget);
    return deeds;
  }

  function remove(id) {
    opened = null;
    send("forget", { id });
    if (id === assistantChat.here()) assistantChat.begin();
    else find("#new").focus();
  }

  function naming(row) {
    const link = row.querySelector("a");
    const input = Object.assign(document.createElement("input"), { value: link.textContent, maxLength: 200, dir: "auto" });
    input.setAttribute("aria-label", say("Title of the conversation"));
    opened?.deeds.remove();
    opened = null;
    const button = row.querySelector(".more");
    button.setAttribute("aria-expanded", "false");
    let over = false; // leaving the box ends it, and so does taking it away
    const end = (keep) => {
      if (over) return;
      over = true;
      const title = input.value.trim();
      input.replaceWith(link);
      if (keep && title && title !== link.textContent) {
        link.textContent = title;
        send("rename", { id: row.dataset.id, title });
      }
      button.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // Enter would also press the button that has the focus then
      end(event.key === "Enter");
    });
    input.addEventListener("blur", () => end(true));
    link.replaceWith(input);
    input.select();
  }

  const search = () => find("#find")?.value ?? "";

  // --- What is looked in: the row at the composer holds it, as the server has said it. What was
  // wished a moment ago may not stand there yet, and the next wish adds to it.

  // Of two answers that come at once Gradio's client may show the older one last, so a wish is told
  // when the one told before it stands there.

  const PATIENCE = 3000; // milliseconds
  let wish = null;
  let told = null; // {before: what stood there when it was told, until}
  let telling = 0;
  const text = () => find("#limits .limits")?.dataset.scope ?? "{}";
  const shown = () => ({ ...NOTHING, ...JSON.parse(text()) });
  const held = () => wish?.conversation === assistantChat.here() && Date.now() < wish?.until ? wish.scope : shown();
  const same = (a, b) => JSON.stringify(a) === JSON.stringify({ ...NOTHING, ...b });

  function limit(scope) {
    wish = { conversation: assistantChat.here(), scope: { ...NOTHING, ...scope }, until: Date.now() + PATIENCE };
    tell();
  }

  function tell() {
    clearTimeout(telling); // of two wishes at once the second holds both
    telling = setTimeout(() => {
      const { conversation, scope } = wish ?? {};
      if (!wish || conversation !== assistantChat.here()) return;
      told = same(shown(), scope) ? null : { before: text(), until: Date.now() + PATIENCE };
      send("limit", { conversation, scope });
    }, told ? Math.max(0, told.until - Date.now()) : 0);
  }

  function limited() {
    const answered = told && text() !== told.before;
    if (answered) told = null;
    if (wish && same(shown(), wish.scope)) wish = null;
    else if (answered) tell();
    markScope();
  }

  function markScope() {
    const scope = held();
    const press = (element, on) => element.setAttribute("aria-pressed", String(on));
    all("#scope [data-everything]").forEach((each) => press(each, same(scope, {})));
    all("#scope [data-since]").forEach((each) => press(each, scope.since === each.dataset.since && !scope.until));
    all("#scope [data-tag]").forEach((each) => press(each, scope.tags.includes(each.dataset.tag)));
    all("#scope [data-day]").forEach((each) => {
      if (each !== document.activeElement) each.value = scope[each.dataset.day] ?? "";
    });
    all("#seek-found [data-choose-article]").forEach((each) => press(each, scope.articles.includes(each.dataset.chooseArticle)));
    unfold(find("#rail").dataset.choosing === "yes");
  }

  function unfold(open) {
    find("#rail").dataset.choosing = open ? "yes" : "no";
    find("#scope [data-choose]")?.setAttribute("aria-expanded", String(open));
  }

  const toggled = (values, value) => values.includes(value) ? values.filter((each) => each !== value) : [...values, value];

  function chosen(target) {
    const scope = held();
    const { since, tag, chooseArticle: article } = target.dataset;
    if ("everything" in target.dataset) return limit(NOTHING);
    if (since) return limit({ ...scope, since: target.getAttribute("aria-pressed") === "true" ? null : since, until: null });
    if (tag) return limit({ ...scope, tags: toggled(scope.tags, tag) });
    if (article) limit({ ...scope, articles: toggled(scope.articles, article) });
  }

  function clicked(event) {
    const { target } = event;
    const more_ = target.closest("#talks .more");
    if (more_) return more(more_);
    const lifted = target.closest("#limits button[data-scope]");
    if (lifted) {
      limit(JSON.parse(lifted.dataset.scope));
      return find("#question textarea").focus();
    }
    if (target.closest("#scope [data-choose]")) {
      unfold(find("#rail").dataset.choosing !== "yes");
      return send("refresh"); // tags may have come
    }
    if (target.closest("#limits .where")) {
      unfold(true);
      return assistantPage.open("#rail");
    }
    const chip = target.closest("#scope button, #seek-found button");
    if (chip) chosen(chip);
  }

  let waiting = 0;

  function typed({ target }) {
    if (target.id !== "find" && target.id !== "seek") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => target.id === "find" ? send("find") : send("seek", { text: target.value }), 180);
  }

  function picked({ target }) {
    if (!target.matches("#scope [data-day]")) return;
    if (target.value || !target.validity.badInput) limit({ ...held(), [target.dataset.day]: target.value || null });
  }

  assistantPage.whenReady(() => {
    const watch = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-id", "data-scope"] };
    new MutationObserver(markHere).observe(find("#talks"), watch);
    ["#limits", "#scope", "#seek-found"].forEach((name) => new MutationObserver(limited).observe(find(name), watch));
    // What is found stands below the search, on a low screen out of sight.
    new MutationObserver(() => {
      if (document.activeElement === find("#seek")) find("#looking").scrollTop = find("#looking").scrollHeight;
    }).observe(find("#seek-found"), { childList: true, subtree: true });
    markHere();
    markScope();
  });
  document.addEventListener("click", clicked);
  document.addEventListener("input", typed);
  document.addEventListener("change", picked);
  window.addEventListener("assistant:talk", markHere);
  window.addEventListener("assistant:limit", ({ detail }) => {
    limit({ ...NOTHING, articles: [detail.article] });
    if (assistantPage.place().view !== "chat") location.hash = "#chat";
    find("#question textarea")?.focus();
  });

  return { search };
})();
window.assistantRail = assistantRail;

// Theme and settings. This runs in the head, so that the first paint has the right ground.
"use strict";

const assistantSettings = (() => {
  const THEMES = ["auto", "light", "dark"];
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let theme = kept();

  // The theme is kept in this browser. Gradio marks the body as the system has it; the mark is put
  // right before anything is painted.

  function kept() {
    try {
      const found = localStorage.getItem("theme");
      return THEMES.includes(found) ? found : "auto";
    } catch {
      return "auto"; // a browser that keeps nothing
    }
  }

  function dress() {
    const dark = theme === "auto" ? system.matches : theme === "dark";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (document.body && document.body.classList.contains("dark") !== dark) {
      document.body.classList.toggle("dark", dark);
    }
  }

  function choose(name) {
    theme = name;
    try {
      localStorage.setItem("theme", name);
    } catch {
      // it holds until the page is closed
    }
    dress();
  }

  function showTheme(element) {
    const button = element.querySelector(`input[name="theme"][value="${theme}"]`);
    if (button) button.checked = true;
  }

  dress();
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    dress();
    new MutationObserver(dress).observe(document.body, { attributeFilter: ["class"] });
  }).observe(document.documentElement, { childList: true });
  system.addEventListener("change", dress);
  window.addEventListener("storage", (event) => {
    if (event.key !== "theme") return;
    theme = kept();
    dress();
    showTheme(document);
  });

  // The form: only what the person changed is sent, so that an older page undoes nothing.

  function changed(form) {
    const values = {};
    for (const field of form.elements) {
      if (field.type === "checkbox") {
        if (field.checked !== field.defaultChecked) values[field.name] = field.checked;
      } else if (field.name && field.value !== field.defaultValue) values[field.name] = field.value;
    }
    return values;
  }

  function told(said) {
    const form = document.querySelector("#settings-form");
    const wrong = said?.querySelector("[data-wrong]");
    const done = said?.querySelector("[data-done]")?.dataset.done;
    for (const field of form?.elements ?? []) {
      point(field, "");
      if (done !== "saved") continue;
      field.defaultValue = field.value;
      field.defaultChecked = field.checked;
    }
    if (wrong) {
      const field = form.elements[wrong.dataset.wrong];
      point(field, wrong.textContent);
      field.focus();
    }
    if (done === "reload") location.reload();
  }

  function point(field, why) {
    const place = field.name && document.querySelector(`#why-${field.name}`);
    if (!place) return;
    place.textContent = why;
    if (why) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  return { choose, showTheme, changed, told };
})();
window.assistantSettings = assistantSettings;

"use strict";
// Opens a question that an address or a citation leads to, and filters the list.
(() => {
  const form = document.querySelector(".filters");
  if (!form) return;
  const items = [...document.querySelectorAll(".questions > details")];
  const buttons = [...form.querySelectorAll("button")];
  const kind = form.querySelector("select");
  const status = form.querySelector("[role=status]");
  const filter = () => {
    const outcome = buttons.find((b) => b.getAttribute("aria-pressed") === "true").value;
    items.forEach((item) => {
      const wanted = [[outcome, item.dataset.outcome], [kind.value, item.dataset.kind]];
      item.hidden = wanted.some(([asked, is]) => ![is, ""].includes(asked));
    });
    const left = items.filter((item) => !item.hidden).length;
    const told = status.dataset.of.replace("{left}", left).replace("{all}", items.length);
    status.textContent = left === items.length ? "" : told;
  };
  buttons.forEach((button) => button.addEventListener("click", () => {
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
    filter();
  }));
  kind.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();

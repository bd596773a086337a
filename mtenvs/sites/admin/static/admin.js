// Comfort only: every page works without it.
"use strict";
(() => {
  const dialog = document.getElementById("confirm");
  let waiting = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.toggle) {
      const panel = document.getElementById(button.dataset.toggle);
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
      if (!panel.hidden) panel.querySelector("input, select, textarea")?.focus();
    } else if (button.dataset.confirm && waiting !== button) {
      event.preventDefault();
      waiting = button;
      document.getElementById("confirm-text").textContent = button.dataset.confirm;
      dialog.showModal();
    } else if ("yes" in button.dataset) {
      const chosen = waiting;
      dialog.close();
      waiting = null;
      if (chosen) chosen.form.requestSubmit(chosen);
    } else if ("no" in button.dataset) {
      dialog.close();
    } else if (button.dataset.add) {
      const list = document.getElementById(button.dataset.add);
      const template = document.getElementById(button.dataset.add + "-template");
      const number = list.children.length + 1;
      const made = document.createElement("template");
      made.innerHTML = template.innerHTML.replaceAll("__N__", String(number));
      list.append(made.content);
      list.lastElementChild?.querySelector("input, select")?.focus();
    }
  });
  dialog?.addEventListener("close", () => { waiting = null; });
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "post") {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    }
  });
  // Filters that are empty do not make the address longer.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) {
      box.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((other) => { other.checked = box.checked; });
    } else if (box.matches("[data-told]")) {  // its value tells programs whether it is ticked
      box.value = box.checked ? "1" : "0";
    } else if (box.matches("[data-submit]")) {
      box.form.requestSubmit();
    }
  });
  document.querySelectorAll("details.drop").forEach((menu) => {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  });
})();

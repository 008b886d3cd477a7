// What was typed comes back: after a page that says what to correct, asks who one is, or to sign in again.
"use strict";
(() => {
  const KEY = "kaoping.typed";
  const { who, filled, keeps } = document.body.dataset;
  const here = location.pathname + location.search;
  const goal = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const forms = (to) => [...document.querySelectorAll("form[method=post]")].filter((form) => goal(form) === to);
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "file" && one.name !== "csrfmiddlewaretoken");
  const isSecret = (form) => form.querySelector("[type=password], [autocomplete=one-time-code], [name=credential]");

  const held = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  };
  const hold = (typed) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(typed));
    } catch {
      sessionStorage.removeItem(KEY); // too long for the browser: as without this help
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!who || form.method !== "post" || isSecret(form)) return;
    const to = goal(form);
    const values = fields(form).map((one) => [one.name, one.value, one.checked === true]);
    hold({ who, here, to, nth: forms(to).indexOf(form), values });
  });

  const typed = held();
  if (!typed) return;
  sessionStorage.removeItem(KEY);
  if (who && typed.who !== who) return;
  if (keeps) {
    hold({ ...typed, isBack: true });
    return;
  }
  if (!typed.isBack || typed.here !== here) return;
  const form = forms(typed.to)[typed.nth];
  const found = form ? fields(form) : [];
  if (found.length !== typed.values.length || found.some((one, at) => one.name !== typed.values[at][0])) return;
  // Hidden fields as well: they say which state was seen, so that nothing newer is written over.
  found.forEach((one, at) => {
    if (one.type === "checkbox" || one.type === "radio") one.checked = typed.values[at][2];
    else if (one.tagName !== "BUTTON") one.value = typed.values[at][1];
  });
  if (!found.some((one) => one.type !== "hidden" && one.tagName !== "BUTTON")) return;
  const note = document.createElement("div");
  note.className = "k-note my-3";
  note.setAttribute("role", "status");
  note.textContent = filled;
  form.prepend(note);
})();

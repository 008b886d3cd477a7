// 考评: small helps for pages that work without them, too.
"use strict";
document.addEventListener("submit", (event) => {
  // A second click on the same form changes nothing (the act's number is the same); it only confuses.
  const button = event.submitter;
  if (button && event.target.method === "post") setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[method=post] button[disabled]:not([data-closed])")) button.disabled = false;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
for (const button of document.querySelectorAll("[data-copy]")) {
  // Copying needs a safe connection; where there is none, the text is there to be marked.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent));
}

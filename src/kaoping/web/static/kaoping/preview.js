// 预览: the keys ← and → go from page to page; the number of the page that is seen stands out.
"use strict";
{
  const pages = () => [...document.querySelectorAll("[data-page]")];
  const seen = (all) => Math.max(0, all.findLastIndex((one) => one.getBoundingClientRect().top < innerHeight / 2));
  const mark = () => {
    const all = pages();
    const now = all.length ? all[seen(all)].dataset.page : "";
    for (const link of document.querySelectorAll("[data-to]")) {
      if (link.dataset.to === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  document.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const is_other = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!step || is_other || event.target.closest("input, select, textarea, .k-grid")) return;
    const all = pages();
    const to = all[seen(all) + step];
    if (!to) return;
    event.preventDefault();
    to.scrollIntoView();
  });
  document.addEventListener("scroll", mark, { passive: true });
  document.addEventListener("htmx:afterSettle", mark);
  mark();
}

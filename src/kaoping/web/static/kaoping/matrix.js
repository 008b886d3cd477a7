// 任务分解: moving in the table by keys, opening a cell at its side. Without it, every cell is a link.
"use strict";
(() => {
  const sheet = document.getElementById("matrix");
  const side = document.getElementById("cell");
  if (!sheet || !side) return;
  const rows = sheet.querySelector("tbody").rows;
  const LEAD = 2; // the unit, and how many tasks it has
  let at = null;

  const linkOf = (td) => (td ? td.querySelector("a") : null);
  const cellAt = (row, column) => (rows[row] ? rows[row].cells[column + LEAD] : null);
  const placeOf = (td) => ({ row: td.parentNode.sectionRowIndex, column: td.cellIndex - LEAD });

  // One stop for the tab key; the arrows do the rest.
  for (const link of sheet.querySelectorAll("tbody a")) link.tabIndex = -1;
  const rest = (td) => {
    if (at) linkOf(at)?.setAttribute("tabindex", "-1");
    at = td;
    linkOf(at)?.setAttribute("tabindex", "0");
  };
  rest(sheet.querySelector("tbody a")?.closest("td") ?? null);

  const step = (down, right) => {
    let { row, column } = placeOf(at);
    for (;;) {
      row += down;
      column += right;
      const td = cellAt(row, column);
      if (!td || column < 0) return;
      if (linkOf(td)) {
        rest(td);
        const link = linkOf(td);
        link.focus({ preventScroll: true });
        td.scrollIntoView({ block: "nearest", inline: "nearest" });
        return;
      }
    }
  };

  const mark = (row, column) => {
    for (const one of sheet.querySelectorAll(".at, .on, .oncol")) one.classList.remove("at", "on", "oncol");
    const td = cellAt(row, column);
    if (!td) return;
    td.classList.add("at");
    td.parentNode.classList.add("on");
    sheet.querySelectorAll("thead .t")[column]?.classList.add("oncol");
  };

  const open = (td) => htmx.ajax("GET", linkOf(td).href, { target: "#cell" });

  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("tbody a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    rest(link.closest("td"));
    open(at);
  });

  const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  sheet.addEventListener("keydown", (event) => {
    if (event.target === sheet && event.key === "Enter") {
      linkOf(at)?.focus();
      event.preventDefault();
    } else if (KEYS[event.key] && event.target.closest("tbody")) {
      step(...KEYS[event.key]);
      event.preventDefault();
    }
  });

  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    linkOf(at)?.focus();
    event.preventDefault();
  });

  const shown = () => {
    const panel = side.querySelector("[data-row]");
    if (!panel) return;
    const row = Number(panel.dataset.row), column = Number(panel.dataset.column);
    const fresh = panel.querySelector("table[hidden] td");
    const old = cellAt(row, column);
    if (fresh && old) {
      old.replaceWith(fresh);
      if (linkOf(fresh)) linkOf(fresh).tabIndex = -1;
      if (at === old) at = null;
    }
    mark(row, column);
    rest(cellAt(row, column));
    if ("saved" in panel.dataset) linkOf(at)?.focus({ preventScroll: true });
    else (side.querySelector("input.is-invalid") ?? side.querySelector("form input:not([type=hidden])"))?.focus({ preventScroll: true });
  };
  // What is refused comes as a panel, too: with what was typed, and what is wrong.
  side.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status) && event.detail.xhr.responseText.includes("data-row")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  const narrow = window.matchMedia("(max-width: 991.98px)");
  side.addEventListener("htmx:afterSettle", () => {
    shown();
    if (narrow.matches) side.scrollIntoView({ block: "start" }); // it stands below the table there
  });
  shown();
})();

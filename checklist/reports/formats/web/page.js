"use strict";
for (const form of document.querySelectorAll("form.filters")) {
  const box = document.getElementById(form.dataset.for);
  const items = box.matches("table") ? [...box.tBodies[0].rows] : [...box.children];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const said = form.querySelector("output");
  const apply = () => {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, n) => {
      const fits = ["module", "outcome", "serious"].every((name) => {
        const field = form.elements[name];
        return !field || !field.value || item.dataset[name] === field.value;
      });
      item.hidden = !(fits && words.every((word) => texts[n].includes(word)));
      shown += item.hidden ? 0 : 1;
    });
    said.textContent = `显示 ${shown} 项，共 ${items.length} 项`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
}
for (const head of document.querySelectorAll("th[data-sort]")) {
  head.querySelector("button").addEventListener("click", () => {
    const row = head.parentElement;
    const body = head.closest("table").tBodies[0];
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of row.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const at = head.cellIndex;
    const key = (line) => {
      const cell = line.cells[at];
      return head.dataset.sort === "number" ? Number(cell.dataset.value) : cell.textContent;
    };
    const order = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "zh"));
    const lines = [...body.rows].sort((a, b) => (up ? 1 : -1) * order(key(a), key(b)));
    body.append(...lines);
  });
}
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches("details")) {
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", reveal);
reveal();

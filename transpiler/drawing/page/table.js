// The table of all tasks: sorted by a column, with the rows that a search finds.

const body = document.querySelector("#tasks tbody");
const written = graph.nodes.filter((node) => node.kind !== "band");
const rows = new Map(written.map((node, place) => [node.id, body.rows[place]]));
const inOrder = [...rows.values()];
const sorting = { column: -1, isDown: false };

function sortBy(column) {
  sorting.isDown = sorting.column === column && !sorting.isDown;
  sorting.column = column;
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const texts = new Map(inOrder.map((tr) => [tr, tr.cells[column].textContent.trim()]));
  const sorted = [...inOrder].sort((one, other) => compare(texts.get(one), texts.get(other)));
  body.replaceChildren(...(sorting.isDown ? sorted.reverse() : sorted));
  for (const th of document.querySelectorAll("#tasks thead th[aria-sort]")) {
    const order = th.cellIndex !== column ? "none" : sorting.isDown ? "descending" : "ascending";
    th.setAttribute("aria-sort", order);
  }
}

function sortable() {
  for (const th of document.querySelectorAll("#tasks thead th[aria-sort]")) {
    const button = h("button", { type: "button", click: () => sortBy(th.cellIndex) }, th.textContent);
    th.replaceChildren(button);
  }
}

const isTable = () => document.documentElement.classList.contains("table");

function showTable(isShown) {
  document.documentElement.classList.toggle("table", isShown);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String((button.dataset.view === "table") === isShown));
  }
  for (const part of document.querySelectorAll("[data-for=picture]")) part.hidden = isShown;
  if (isShown) filterRows();
  else if (selected?.kind === "node") reveal(standing(selected.id));
}

function filterRows() {
  const found = hits && new Set(hits);
  for (const [id, tr] of rows) tr.hidden = found !== null && !found.has(id);
  byId("none").hidden = found === null || found.size > 0;
}

function markRow(id) {
  for (const tr of body.querySelectorAll("[aria-current]")) tr.removeAttribute("aria-current");
  const tr = rows.get(id);
  if (!tr) return;
  tr.setAttribute("aria-current", "true");
  if (isTable()) tr.scrollIntoView({ block: "nearest" });
}

// Lines of files, with their numbers.

const KEY = /^((?: |- )*)('(?:[^']|'')*':|[^'#\s][^#]*?:)(?= |$)(.*)$/;
const MOST_LINES = 2000;
const split = new Map();

function linesOf(file) {
  if (!split.has(file)) split.set(file, (data.files[file] ?? "").replace(/^\ufeff/, "").split(/\r\n|\r|\n/));
  return split.get(file);
}

// Lines of a file, or of a text without a file, from a number; without the indentation that all have.
function listing(texts, first = 0) {
  const shown = texts.slice(0, MOST_LINES);
  const indents = shown.filter((text) => text.trim()).map((text) => text.match(/^ */)[0].length);
  const margin = Math.min(...(indents.length ? indents : [0]));
  const rows = shown.map((text, place) => row(text.slice(margin), first ? first + place : null));
  const more = texts.length - shown.length;
  if (more > 0) rows.push(h("span", { class: "row quiet" }, count(more, "more line")));
  return h("pre", { tabindex: "0", class: first ? "numbered" : "" }, h("code", {}, rows));
}

function row(text, number) {
  const found = KEY.exec(text);
  const parts = found ? [found[1], h("b", {}, found[2]), found[3]] : [text];
  return h("span", { class: "row", "data-line": number }, parts, "\n");
}

// A part that is made when it is opened.
function folded(title, make, isOpen = false) {
  const made = h("details", { open: isOpen }, h("summary", {}, title));
  const fill = () => made.open && made.children.length === 1 && made.append(...[make()].flat());
  made.addEventListener("toggle", fill);
  fill();
  return made;
}

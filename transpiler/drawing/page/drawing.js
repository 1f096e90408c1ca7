// The picture: copies of the boxes that the page has once, where the layout puts them, and the lines between them.

const svg = byId("picture");
const scene = byId("view");
// The lines of what is selected stand above the others, which are dimmed as one: lines that share a way do not add up.
const LAYERS = ["frames", "routes", "lit", "labels", "boxes"];
const layers = Object.fromEntries(LAYERS.map((name) => [name, draw("g", { class: `layer-${name}` })]));
const looks = Object.fromEntries(
  ["boxes", "bundles", "frames"].map((group) => {
    const parts = byId("looks").content.querySelector("g." + group).children;
    return [group, new Map(data.looks[group].map((name, place) => [name, parts[place]]))];
  }),
);
const ARROWS = {
  down: ["M-4 -8L4 -8L0 0Z", "M-4 8L4 8L0 0Z"],
  right: ["M-8 -4L-8 4L0 0Z", "M8 -4L8 4L0 0Z"],
};
const KINDS = ["artifact", "parameter", "order", "hook"];
const MOST_TOLD = 8;
const copies = { boxes: new Map(), bundles: new Map(), frames: new Map() };
const shapes = new Map();
const routes = new Map();
const labels = new Map();
let placement = null;

scene.replaceChildren(...Object.values(layers));

function copyOf(group, name) {
  if (!copies[group].has(name)) {
    const copy = document.importNode(looks[group].get(name), true);
    copy.dataset.id = name;
    copy.setAttribute("role", "button");
    copy.setAttribute("tabindex", "-1");
    copies[group].set(name, copy);
  }
  return copies[group].get(name);
}

function redraw() {
  placement = layout.place(data.arrangement, folding);
  shapes.clear();
  for (const [name, place] of placement.boxes) {
    const title = placement.titles.get(name);
    const group = title ? "frames" : isBundled(name) ? "bundles" : "boxes";
    const shape = copyOf(group, name);
    shape.setAttribute("transform", `translate(${place.x} ${place.y})`);
    if (title) stretch(shape, place, title);
    tell(shape, name, group);
    shapes.set(name, shape);
  }
  const isOpen = (name) => placement.titles.has(name);
  layers.frames.replaceChildren(...[...shapes.keys()].filter(isOpen).map((name) => shapes.get(name)));
  layers.boxes.replaceChildren(...[...shapes.keys()].filter((name) => !isOpen(name)).map((name) => shapes.get(name)));
  drawRoutes();
  tellFolded();
  tellTools();
}

function tellFolded() {
  const drawn = [...shapes.keys()].filter((name) => nodes.has(name) && !isFrame(name) && !isBundled(name)).length;
  const hidden = focus ? 0 : boxesInAll - drawn;
  byId("note").textContent = hidden ? `Folded: ${hidden.toLocaleString("en")} of ${count(boxesInAll, "task")}` : "";
}

function tellTools() {
  document.querySelector("[data-do=bundles]").setAttribute("aria-pressed", String(folding.bundled.size > 0));
  document.querySelector("[data-do=inputs]").setAttribute("aria-pressed", String(folding.hasInputs));
}

function stretch(frame, place, title) {
  const [, shape, head] = frame.children;
  shape.setAttribute("width", place.width);
  shape.setAttribute("height", place.height);
  head.setAttribute("transform", `translate(${title.x - place.x} ${title.y - place.y})`);
}

function drawRoutes() {
  routes.clear();
  labels.clear();
  for (const [name, route] of placement.lines) {
    const [x, y] = route.points.at(-1);
    const d = layout.path(route.points, placement.direction);
    const arrow = ARROWS[placement.direction][Number(route.isReversed)];
    const all = route.names.map((each) => lines.get(each));
    const kind = KINDS.find((each) => all.some((line) => line.kind === each));
    const element = draw(
      "g",
      { class: classesOf(kind, all), "data-route": name },
      draw("path", { class: "hit", d }),
      draw("path", { d }),
      draw("path", { class: "arrow", d: arrow, transform: `translate(${x} ${y})` }),
      draw("title", {}, safe(toldOf(all))),
    );
    routes.set(name, { element, all });
    const text = lines.get(name).label;
    if (!route.label || !text) continue;
    const place = `${route.label.x} ${route.label.y}`;
    if (!labels.has(place)) labels.set(place, { element: labelOf(route.label, text), routes: [] });
    labels.get(place).routes.push(element);
  }
  layers.labels.replaceChildren(...[...labels.values()].map(({ element }) => element));
}

function classesOf(kind, all) {
  const light = all.every((line) => line.source && line.target) ? "" : " light";
  const [mark, ...others] = new Set(all.map((line) => line.mark || ""));
  return `route ${kind}${light}${mark && !others.length ? ` is-${mark}` : ""}`;
}

function labelOf(place, text) {
  const shown = draw("text", { x: place.width / 2, y: 11.5, "text-anchor": "middle" }, safe(text));
  const back = draw("rect", { width: place.width, height: place.height, rx: place.height / 2 });
  return draw("g", { class: "label", transform: `translate(${place.x} ${place.y})` }, back, shown);
}

function toldOf(all) {
  const texts = all.slice(0, MOST_TOLD).map((line) => `${nameOf(line.from)} to ${nameOf(line.to)}: ${whatFlows(line)}`);
  return [...texts, ...(all.length > MOST_TOLD ? [`and ${all.length - MOST_TOLD} more`] : [])].join("\n");
}

function whatFlows(line) {
  const texts = new Set(line.flows.map(([name, type, how]) => flowOf(name, type, how)).filter(Boolean));
  return [...texts].join(", ") || line.kind;
}

function flowOf(name, type, how) {
  if (how === "order" || how === "hook") return name ? `if ${name}` : "";
  return type && type !== "Any" && type !== name ? `${name}: ${type}` : name;
}

// ---------------------------------------------------------------------- what a screen reader says

function tell(shape, name, group) {
  shape.setAttribute("aria-label", safe(group === "bundles" ? bundleTold(name) : described(name)));
  if (isFrame(name)) shape.setAttribute("aria-expanded", String(group === "frames"));
}

function bundleTold(name) {
  const members = bundles.get(name).filter((each) => !folding.hidden.has(each));
  return `${members.length} tasks side by side: ${some(members.map(nameOf))}`;
}

function described(id) {
  const node = nodes.get(id);
  if (!node) return nameOf(id);
  const before = [...partners(into, id, "from").keys()].filter((each) => each !== INPUTS && each !== node.hookOf);
  const parts = [node.name, node.component !== node.name ? node.component : "", KIND_NAMES[node.kind]];
  if (node.hookOf) parts.push(`hook of ${node.hookOf}`);
  if (before.length) parts.push(`waits for ${some(before.map(nameOf))}`);
  parts.push(...(data.chips[id] || []));
  if (node.problems.length) parts.push(count(node.problems.length, "problem"));
  if (node.mark) parts.push(node.mark.text.split("\n")[0] || node.mark.kind);
  return parts.filter(Boolean).join(", ");
}

const KIND_NAMES = { task: "", group: "group", pipeline: "sub-pipeline", graph: "graph component", band: "range" };

function some(names) {
  const more = names.length - MOST_TOLD;
  return names.slice(0, MOST_TOLD).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

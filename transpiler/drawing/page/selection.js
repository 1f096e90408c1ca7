// What is selected, focused on, or followed; and the address that says so.

let selected = null;
let focus = null;
const trace = new Set();
const MOST_FOCUSED = 150;

const address = (id) => encodeURIComponent(id).replaceAll("%2F", "/");

function select(kind, id) {
  trace.clear();
  selected = { kind, id };
  if (kind === "node") {
    if (folding.hidden.has(id) || isHidden(id)) showAll();
    if (uncover(id)) redrawAround(id);
    remember("#task=" + address(id));
  } else {
    remember("");
  }
  showSelected();
  if (kind === "node" && !isTable()) reveal(standing(id));
}

function showSelected() {
  if (selected) tellMissing(null);
  if (!selected) showDetails();
  else if (selected.kind === "node") showNode(selected.id);
  else if (selected.kind === "bundle") showBundle(selected.id);
  else showRoute(selected.all);
  mark();
  markRow(selected?.kind === "node" ? selected.id : null);
}

function selectRoute(name) {
  trace.clear();
  selected = { kind: "route", id: name, all: routes.get(name).all };
  remember("");
  showSelected();
}

function leave() {
  if (trace.size) trace.clear();
  else if (focus) return showAll();
  else if (selected) {
    selected = null;
    remember("");
  }
  showSelected();
}

function remember(hash) {
  if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
}

function fromAddress() {
  if (!location.hash.startsWith("#task=")) return;
  let id;
  try {
    id = decodeURIComponent(location.hash.slice(6));
  } catch {
    return;
  }
  if (!nodes.has(id)) tellMissing(id);
  else if (!(selected?.kind === "node" && selected.id === id)) select("node", id);
}

function tellMissing(id) {
  byId("missing").hidden = id === null;
  byId("missing-name").textContent = id === null ? "" : safe(id);
  if (id !== null) say(`There is no task ${id} in this pipeline`);
}

// ---------------------------------------------------------------------- how it looks in the picture

// The nodes that are not dimmed; null if none is.
function bright() {
  if (!trace.size || selected?.kind !== "node") return null;
  const found = withInside([selected.id]);
  for (const each of trace.has("upstream") ? upstream(selected.id) : []) found.add(each);
  for (const each of trace.has("downstream") ? downstream(selected.id) : []) found.add(each);
  return found;
}

function mark() {
  const found = bright();
  const lit = found && new Set([...found].flatMap((id) => [standing(id), ...around(id)]));
  const own = selected?.kind === "node" ? standing(selected.id) : selected?.id;
  const held = selected?.kind === "node" ? withInside([selected.id]) : new Set();
  const isAtOwn = (id) => held.has(id) || standing(id) === own;
  svg.classList.toggle("chosen", selected !== null);
  svg.classList.toggle("traced", found !== null);
  for (const [name, shape] of shapes) {
    const isOwn = name === own && selected.kind !== "route";
    shape.classList.toggle("selected", isOwn);
    shape.classList.toggle("dim", lit !== null && !lit.has(name));
    if (isOwn) shape.setAttribute("aria-current", "true");
    else shape.removeAttribute("aria-current");
  }
  const sorted = { routes: [], lit: [] };
  for (const [name, { element, all }] of routes) {
    const touches = own && all.some((line) => isAtOwn(line.from) || isAtOwn(line.to));
    const isOwn = selected?.kind === "route" && name === selected.id;
    const isLit = isOwn || (found ? all.some((line) => found.has(line.from) && found.has(line.to)) : Boolean(touches));
    element.classList.toggle("lit", isLit);
    sorted[isLit ? "lit" : "routes"].push(element);
  }
  for (const [layer, elements] of Object.entries(sorted)) layers[layer].replaceChildren(...elements);
  for (const { element, routes: all } of labels.values()) {
    element.classList.toggle("dim", found !== null && !all.some((route) => route.classList.contains("lit")));
  }
  markHits();
  rove();
}

function follow(way) {
  if (selected?.kind !== "node") return;
  if (trace.has(way)) trace.delete(way);
  else trace.add(way);
  showSelected();
  say(trace.has(way) ? `${count((way === "upstream" ? upstream : downstream)(selected.id).size, "task")} ${way}` : "");
}

// ---------------------------------------------------------------------- a task and its neighbours

function focusOn(id, steps) {
  if (!focus) focus = { closed: new Set(folding.closed), bundled: new Set(folding.bundled) };
  Object.assign(focus, { id, steps });
  const kept = near(id, steps);
  const isSmall = [...kept].filter((each) => !isFrame(each)).length <= MOST_FOCUSED;
  const held = new Set([...kept].flatMap((each) => [each, ...around(each)]));
  folding.hidden = new Set([...nodes.keys()].filter((each) => !held.has(each)));
  for (const end of [INPUTS, OUTPUTS]) {
    const ends = (end === INPUTS ? outOf : into).get(end) || [];
    const other = end === INPUTS ? "to" : "from";
    const isKept = ends.some((line) => kept.has(line[other])) && (end === OUTPUTS || folding.hasInputs);
    if (!isKept) folding.hidden.add(end);
  }
  for (const each of below.keys()) if (each.startsWith("@") && !held.has(each)) folding.hidden.add(each);
  for (const each of isSmall ? kept : [id]) uncover(each);
  redraw();
  showSelected();
  tellFocus();
  begin();
  reveal(standing(id));
}

function tellFocus() {
  byId("focus-bar").hidden = focus === null;
  if (!focus) return;
  byId("focus-name").textContent = safe(nodes.get(focus.id).name);
  byId("focus-steps").textContent = `± ${count(focus.steps, "step")}`;
  say(`${focus.id} and what is at most ${count(focus.steps, "step")} away`);
}

function showAll() {
  if (!focus) {
    folding.hidden.clear();
  } else {
    folding.closed = focus.closed;
    folding.bundled = focus.bundled;
    folding.hidden = new Set(folding.hasInputs ? [] : [INPUTS]);
    focus = null;
  }
  if (selected?.kind === "node") uncover(selected.id);
  redraw();
  showSelected();
  tellFocus();
  beginAtSelected();
}

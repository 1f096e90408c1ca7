// What the buttons do, and the first picture.

function setBundles(isStacked) {
  folding.bundled = isStacked ? new Set(bundles.keys()) : new Set();
  redraw();
  showSelected();
  begin();
}

const doing = {
  overview() {
    selected = null;
    remember("");
    showSelected();
  },
  "close-all"() {
    for (const id of frames) folding.closed.add(id);
    redraw();
    showSelected();
    begin();
  },
  "open-all"() {
    if (boxesInAll > MOST_BOXES) {
      byId("note").textContent = `${count(boxesInAll, "task")} are too many for one picture: open single frames, or focus on a task.`;
      say(byId("note").textContent);
      return;
    }
    folding.closed.clear();
    setBundles(false);
  },
  bundles: () => setBundles(folding.bundled.size === 0),
  inputs() {
    folding.hasInputs = !folding.hasInputs;
    if (focus) return focusOn(focus.id, focus.steps);
    if (folding.hasInputs) folding.hidden.delete(INPUTS);
    else folding.hidden.add(INPUTS);
    redrawAround(selected?.kind === "node" ? selected.id : null);
  },
  turn() {
    folding.direction = folding.direction === "down" ? "right" : "down";
    redraw();
    mark();
    begin();
  },
  toggle() {
    activate(selected.id);
    reveal(selected.id);
  },
  unstack() {
    const { id } = selected;
    folding.bundled.delete(id);
    selected = { kind: "node", id };
    redrawAround(id);
    showSelected();
  },
  focus() {
    if (focus && (selected?.kind !== "node" || focus.id === selected.id)) showAll();
    else if (selected?.kind === "node") focusOn(selected.id, focus?.steps ?? 1);
  },
  fewer: () => focusOn(focus.id, Math.max(0, focus.steps - 1)),
  more: () => focusOn(focus.id, focus.steps + 1),
  "show-all": showAll,
  upstream: () => follow("upstream"),
  downstream: () => follow("downstream"),
  "zoom-in": () => zoom(1.25),
  "zoom-out": () => zoom(0.8),
  fit,
  help: () => byId("help").showModal(),
};

function clicked(event) {
  const button = event.target.closest("[data-do]");
  if (button) {
    const what = button.dataset.do;
    const isInPanel = byId("details").contains(button);
    doing[what]();
    if (isInPanel) byId("details").querySelector(`[data-do="${what}"]`)?.focus({ preventScroll: true });
    return;
  }
  const view = event.target.closest("[data-view]");
  if (view) showTable(view.dataset.view === "table");
}

function picked(event) {
  if (isDragged) {
    isDragged = false;
    return;
  }
  const route = event.target.closest("[data-route]");
  const shape = event.target.closest("[data-id]");
  if (route) return selectRoute(route.dataset.route);
  if (!shape) return leave();
  const name = shape.dataset.id;
  const isBody = placement.titles.has(name) && event.target.matches(".frame > .shape");
  if (!isBody) activate(name);
  else if (nodes.has(name)) select("node", name);
}

function start() {
  svg.removeAttribute("viewBox");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("role", "application");
  svg.setAttribute("aria-roledescription", "graph");
  svg.setAttribute("aria-label", safe(`The tasks of ${graph.name}: Tab and the arrow keys go from one to the other`));
  if (!bundles.size) document.querySelector("[data-do=bundles]").hidden = true;
  if (!looks.boxes.has(INPUTS)) document.querySelector("[data-do=inputs]").hidden = true;
  if (!frames.length) for (const each of ["close-all", "open-all"]) document.querySelector(`[data-do=${each}]`).hidden = true;
  sortable();
  if (data.isAuto) turnToFit();
  redraw();
  showSelected();
  begin();
  watchPointers();
  watchPrinter();
  document.addEventListener("click", clicked);
  svg.addEventListener("click", picked);
  svg.addEventListener("keydown", pictureKey);
  canvas.addEventListener("focusin", (event) => (lastBox = event.target.closest("[data-id]")?.dataset.id ?? lastBox));
  document.addEventListener("keydown", pageKey);
  field.addEventListener("input", search);
  field.addEventListener("keydown", searchKey);
  addEventListener("hashchange", fromAddress);
  new ResizeObserver(resized).observe(canvas);
  fromAddress();
}

// Another size of the pane: what was in its middle stays there.
let lastSize = null;

function resized() {
  if (isOnPaper) return;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width) return;
  const wider = width - (lastSize?.width ?? width);
  const higher = height - (lastSize?.height ?? height);
  lastSize = { width, height };
  if (isMoved) move(wider / 2, higher / 2);
  else if (wider || higher) beginAtSelected();
}

start();

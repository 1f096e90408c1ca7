// The keyboard: one box at a time is reached by Tab, the others from there by the arrow keys.

let lastBox = null;

const canFocus = (name) => shapes.get(name)?.hasAttribute("tabindex");

function tabStop() {
  const own = selected && selected.kind !== "route" ? (selected.kind === "node" ? standing(selected.id) : selected.id) : null;
  return [lastBox, own].find(canFocus) ?? [...shapes.keys()].find((name) => canFocus(name) && !placement.titles.has(name));
}

function rove() {
  const stop = tabStop();
  for (const [name, shape] of shapes) {
    if (canFocus(name)) shape.setAttribute("tabindex", name === stop ? "0" : "-1");
  }
}

function focusBox(name) {
  if (!canFocus(name)) return;
  lastBox = name;
  rove();
  shapes.get(name).focus({ preventScroll: true });
  reveal(name);
}

const middle = (name) => {
  const place = placement.boxes.get(name);
  const height = placement.titles.has(name) ? FRAME_TITLE : place.height;
  return [place.x + place.width / 2, place.y + height / 2];
};

// The box that an arrow key leads to: along a line if one leads there, or into a frame or out of it, else what is
// nearest that way.
function beside(name, key) {
  const isDown = placement.direction === "down";
  const [before, after] = isDown ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
  const side = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  const [x, y] = middle(name);
  const far = (other) => {
    const [dx, dy] = [middle(other)[0] - x, middle(other)[1] - y];
    const ahead = dx * side[0] + dy * side[1];
    const aside = Math.abs(dx * side[1]) + Math.abs(dy * side[0]);
    return ahead <= 0.5 ? Infinity : ahead + 2 * aside;
  };
  const nearest = (names) =>
    names.filter((other) => canFocus(other) && far(other) < Infinity).sort((one, other) => far(one) - far(other))[0];
  const others = [...shapes.keys()].filter((other) => other !== name);
  if (key === after && placement.titles.has(name)) return firstIn(name);
  if (key !== before && key !== after) return nearest(others);
  const linked = nearest(linkedTo(name, key === after));
  const frame = key === before ? around(name).find(canFocus) : null;
  return linked ?? frame ?? nearest(others.filter((other) => isAhead(middle(other), [x, y], side)));
}

// Is a point rather that way than aside?
function isAhead(point, [x, y], [right, down]) {
  const [dx, dy] = [point[0] - x, point[1] - y];
  return dx * right + dy * down >= Math.abs(dx * down) + Math.abs(dy * right);
}

// The box in a frame, or the frame in it, that comes first.
function firstIn(frame) {
  const held = (below.get(frame) || []).map(standing).filter(canFocus);
  const order = (name) => middle(name)[placement.direction === "down" ? 1 : 0];
  return held.sort((one, other) => order(one) - order(other))[0];
}

function linkedTo(name, isAfter) {
  const found = new Set();
  for (const { all } of routes.values()) {
    for (const line of all) {
      const [one, other] = isAfter ? [line.from, line.to] : [line.to, line.from];
      if (standing(one) === name) found.add(standing(other));
    }
  }
  return [...found];
}

// Enter, Space or a click on a box or the title of a frame.
function activate(name) {
  lastBox = name;
  if (name === INPUTS || name === OUTPUTS) {
    doing.overview();
    say("Details of the pipeline");
  } else if (isBundled(name)) {
    select("bundle", name);
  } else if (isFrame(name)) {
    if (nodes.has(name)) selected = { kind: "node", id: name };
    toggle(name);
    redrawAround(name);
    trace.clear();
    if (nodes.has(name)) remember("#task=" + address(name));
    showSelected();
    grow(name);
    say(`${nameOf(name)} is ${folding.closed.has(name) ? "folded" : "open"}`);
  } else if (nodes.has(name)) {
    select("node", name);
    say(`Details of ${nameOf(name)}`);
  }
}

function pictureKey(event) {
  const name = event.target.closest("[data-id]")?.dataset.id;
  if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    const other = beside(name, event.key);
    if (other) focusBox(other);
  } else if (event.key === "Enter" || event.key === " ") {
    activate(name);
    focusBox(shapes.has(name) ? name : tabStop());
  } else {
    return;
  }
  event.preventDefault();
}

const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable]");

function pageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || byId("help").open) return;
  const does = {
    "/": () => field.select(),
    "?": () => byId("help").showModal(),
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    0: fit,
    t: () => showTable(!isTable()),
    f: () => doing.focus(),
    u: () => follow("upstream"),
    d: () => follow("downstream"),
    Escape: leave,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

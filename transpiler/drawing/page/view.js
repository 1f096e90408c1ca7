// Which part of the picture is seen, and how large. The picture moves; its lengths stay pixels at scale 1.

const canvas = byId("canvas");
const MARGIN = 24;
const LEAST_SCALE = 0.05;
const MOST_SCALE = 3;
const READABLE = 0.4;
const FRAME_TITLE = 40;
const FOCUS_BAR = 72;
const at = { x: 0, y: 0, scale: 1 };

let isOnPaper = false;

function show() {
  if (isOnPaper) return;
  const [x, y, scale] = [at.x.toFixed(1), at.y.toFixed(1), at.scale.toFixed(4)];
  scene.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
}

function fit() {
  const { clientWidth: width, clientHeight: height } = canvas;
  const across = (width - 2 * MARGIN) / placement.width;
  const along = (height - startOf() - MARGIN) / placement.height;
  at.scale = Math.min(1.25, Math.max(LEAST_SCALE, Math.min(across, along)));
  at.x = (width - placement.width * at.scale) / 2;
  at.y = startOf() + (height - startOf() - MARGIN - placement.height * at.scale) / 2;
  show();
}

// Where the picture may begin: below the bar that says what is focused on.
function startOf() {
  return focus ? FOCUS_BAR : MARGIN;
}

// The direction in which the pane shows it larger.
function turnToFit() {
  const scales = ["down", "right"].map((direction) => {
    const { width, height } = layout.place(data.arrangement, { ...folding, direction });
    return [direction, Math.min(canvas.clientWidth / width, canvas.clientHeight / height, 1)];
  });
  folding.direction = scales.sort(([, one], [, other]) => other - one)[0][0];
}

// All of it if its texts can be read then; else its start.
function begin() {
  fit();
  if (at.scale >= READABLE) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  at.scale = READABLE;
  const isWide = placement.width * at.scale > width;
  const isHigh = placement.height * at.scale > height;
  at.x = isWide && placement.direction === "right" ? MARGIN : (width - placement.width * at.scale) / 2;
  at.y = isHigh && placement.direction === "down" ? startOf() : (height - placement.height * at.scale) / 2;
  show();
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, at.scale * factor));
  at.x = x - ((x - at.x) * scale) / at.scale;
  at.y = y - ((y - at.y) * scale) / at.scale;
  at.scale = scale;
  show();
}

function move(x, y) {
  at.x += x;
  at.y += y;
  show();
}

// Where a box is in the pane.
function placeOf(name) {
  const place = placement.boxes.get(name);
  if (!place) return null;
  const [x, y] = [place.x * at.scale + at.x, place.y * at.scale + at.y];
  const height = placement.titles.has(name) ? FRAME_TITLE : place.height;
  return { x, y, width: place.width * at.scale, height: height * at.scale };
}

// Show a box that is not in sight in the middle; larger if it could not be read.
function reveal(name) {
  if (at.scale < READABLE && placeOf(name)) {
    const place = placeOf(name);
    zoom(0.8 / at.scale, place.x + place.width / 2, place.y + place.height / 2);
  }
  const place = placeOf(name);
  if (!place) return;
  const isIn = (start, length, room) => start >= MARGIN / 2 && start + length <= room - MARGIN / 2;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (isIn(place.x, place.width, width) && isIn(place.y, place.height, height)) return;
  move((width - place.width) / 2 - place.x, (height - place.height) / 2 - place.y);
}

// Show as much of an open frame as can be read.
function revealFrame(name) {
  const { width, height } = placement.boxes.get(name);
  const room = [canvas.clientWidth - 2 * MARGIN, canvas.clientHeight - 2 * MARGIN];
  const scale = Math.min(at.scale, Math.max(READABLE, Math.min(room[0] / width, room[1] / height)));
  const before = placeOf(name);
  zoom(scale / at.scale, before.x, before.y);
  const pull = (start, length, most) =>
    length > most ? MARGIN - start : Math.max(MARGIN - start, 0) + Math.min(MARGIN + most - start - length, 0);
  const { x, y } = placeOf(name);
  move(pull(x, width * at.scale, room[0]), pull(y, height * at.scale, room[1]));
}

// Draw anew, with a box at the place in the pane where it, or what stood for it, was.
function redrawAround(name) {
  const before = name && standing(name) ? placeOf(name) || lastPlace(name) : null;
  redraw();
  mark();
  const after = before && placeOf(standing(name));
  if (after) move(before.x - after.x, before.y - after.y);
}

function lastPlace(name) {
  return around(name).map(placeOf).find(Boolean) || null;
}

// ---------------------------------------------------------------------- pointers and the wheel

const pointers = new Map();
let isDragged = false;

function pressed(event) {
  if (event.button !== 0 && event.pointerType === "mouse") return;
  pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY, from: [event.clientX, event.clientY] });
  if (pointers.size === 1) isDragged = false;
}

function dragged(event) {
  const pointer = pointers.get(event.pointerId);
  if (!pointer) return;
  const [x, y] = [event.clientX, event.clientY];
  if (!isDragged && Math.hypot(x - pointer.from[0], y - pointer.from[1]) < 5) return;
  if (!isDragged) svg.setPointerCapture(event.pointerId);
  isDragged = true;
  const before = spread();
  const [lastX, lastY] = pointer.last || pointer.from;
  pointer.last = [x, y];
  if (pointers.size === 1) move(x - lastX, y - lastY);
  else pinch(before, spread());
}

// The middle between two fingers, and how far they are apart.
function spread() {
  const [one, other = one] = [...pointers.values()].map((pointer) => pointer.last || pointer.from);
  const box = canvas.getBoundingClientRect();
  return {
    x: (one[0] + other[0]) / 2 - box.left,
    y: (one[1] + other[1]) / 2 - box.top,
    apart: Math.hypot(one[0] - other[0], one[1] - other[1]) || 1,
  };
}

function pinch(before, after) {
  move(after.x - before.x, after.y - before.y);
  zoom(after.apart / before.apart, after.x, after.y);
}

function released(event) {
  pointers.delete(event.pointerId);
}

function wheeled(event) {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 16 : 1;
  const box = canvas.getBoundingClientRect();
  if (event.ctrlKey || event.metaKey) {
    zoom(Math.exp(-event.deltaY * unit * 0.0025), event.clientX - box.left, event.clientY - box.top);
  } else if (event.shiftKey && !event.deltaX) {
    move(-event.deltaY * unit, 0);
  } else {
    move(-event.deltaX * unit, -event.deltaY * unit);
  }
}

function watchPointers() {
  svg.addEventListener("pointerdown", pressed);
  svg.addEventListener("pointermove", dragged);
  for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, released);
  canvas.addEventListener("wheel", wheeled, { passive: false });
}

// ---------------------------------------------------------------------- paper

function watchPrinter() {
  addEventListener("beforeprint", () => {
    const { width, height } = placement;
    isOnPaper = true;
    scene.removeAttribute("transform");
    svg.setAttribute("viewBox", `-16 -16 ${width + 32} ${height + 32}`);
  });
  addEventListener("afterprint", () => {
    isOnPaper = false;
    svg.removeAttribute("viewBox");
    show();
  });
}

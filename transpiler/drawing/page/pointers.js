// The mouse, fingers and the wheel: they move the picture, and make it larger and smaller.

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

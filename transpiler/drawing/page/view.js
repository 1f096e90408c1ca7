// Which part of the picture is seen, and how large. The picture moves; its lengths stay pixels at scale 1.

const canvas = byId("canvas");
const MARGIN = 16;
const LEAST_SCALE = 0.05;
const MOST_SCALE = 3;
// The smallest letters, of 10.5 pixels, have 9 then.
const READABLE = 0.86;
const FRAME_TITLE = 40;
const at = { x: 0, y: 0, scale: 1 };

// Has somebody moved the picture since it was last put in place?
let isMoved = false;

function show() {
  if (isOnPaper) return;
  const [x, y, scale] = [at.x.toFixed(1), at.y.toFixed(1), at.scale.toFixed(4)];
  scene.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
}

function scaleToFit() {
  const across = (canvas.clientWidth - 2 * MARGIN) / placement.width;
  const along = (canvas.clientHeight - startOf() - MARGIN) / placement.height;
  return Math.min(1.25, Math.max(LEAST_SCALE, Math.min(across, along)));
}

function fit() {
  const { clientWidth: width, clientHeight: height } = canvas;
  at.scale = scaleToFit();
  at.x = (width - placement.width * at.scale) / 2;
  at.y = startOf() + (height - startOf() - MARGIN - placement.height * at.scale) / 2;
  isMoved = false;
  show();
}

// Where the picture may begin: below the bar that says what is focused on.
function startOf() {
  return focus ? byId("focus-bar").offsetHeight + 2 * MARGIN : MARGIN;
}

// The direction in which the pane, or a room of another shape, shows it larger.
function turnToFit(across = canvas.clientWidth, along = canvas.clientHeight, most = 1) {
  const scales = ["down", "right"].map((direction) => {
    const { width, height } = layout.place(data.arrangement, { ...folding, direction });
    return [direction, Math.min(across / width, along / height, most)];
  });
  folding.direction = scales.sort(([, one], [, other]) => other - one)[0][0];
}

// All of it if its texts can be read then; else its upper left corner, or the first box if that is not there.
function begin() {
  fit();
  if (at.scale >= READABLE) return;
  const [top, bottom] = [startOf(), canvas.clientHeight - MARGIN];
  at.scale = READABLE;
  at.x = Math.max(MARGIN, (canvas.clientWidth - placement.width * at.scale) / 2);
  at.y = Math.max(top, top + (bottom - top - placement.height * at.scale) / 2);
  show();
  reveal(firstBox());
  isMoved = false;
}

function beginAtSelected() {
  begin();
  if (selected?.kind === "node") reveal(standing(selected.id));
}

// The leftmost box of the first row, or the uppermost of the first column.
function firstBox() {
  const [along, aside] = placement.direction === "down" ? ["y", "x"] : ["x", "y"];
  const all = [...placement.boxes].filter(([name]) => !placement.titles.has(name));
  const first = Math.min(...all.map(([, place]) => place[along]));
  const row = all.filter(([, place]) => place[along] < first + FRAME_TITLE);
  return row.sort(([, one], [, other]) => one[aside] - other[aside])[0]?.[0];
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, at.scale * factor));
  at.x = x - ((x - at.x) * scale) / at.scale;
  at.y = y - ((y - at.y) * scale) / at.scale;
  at.scale = scale;
  isMoved = true;
  show();
}

function move(x, y) {
  at.x += x;
  at.y += y;
  isMoved = isMoved || x !== 0 || y !== 0;
  show();
}

// Where a box is in the pane; of an open frame, its title.
function placeOf(name) {
  const place = placement.boxes.get(name);
  if (!place) return null;
  const [x, y] = [place.x * at.scale + at.x, place.y * at.scale + at.y];
  const title = placement.titles.get(name);
  const size = title ? { width: Math.min(place.width, title.width + 2 * MARGIN), height: FRAME_TITLE } : place;
  return { x, y, width: size.width * at.scale, height: size.height * at.scale };
}

// Show a box, or the title of a frame, that is not in sight in the middle; larger if it could not be read.
function reveal(name) {
  if (at.scale < READABLE && placeOf(name)) {
    const place = placeOf(name);
    zoom(1 / at.scale, place.x + place.width / 2, place.y + place.height / 2);
  }
  const place = placeOf(name);
  if (!place) return;
  const edge = MARGIN / 2;
  const across = pull(place.x, place.width, edge, canvas.clientWidth - edge);
  move(across, pull(place.y, place.height, startOf() - edge, canvas.clientHeight - edge));
}

// How far to move what is not between two ends.
function pull(start, length, first, last) {
  const isIn = start >= first && start + length <= last;
  return isIn ? 0 : (first + last - length) / 2 - start;
}

// Where there is room, larger, until it can be read; the upper left corner of a box stays where it is.
function grow(name) {
  const place = placeOf(name);
  const scale = Math.min(READABLE, scaleToFit());
  if (place && scale > at.scale) zoom(scale / at.scale, place.x, place.y);
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

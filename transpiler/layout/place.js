"use strict";

// An arrangement and what is folded of it → where everything stands: place.py in a browser. Functions have the names
// and the order that they have in Python, and count in the same order, so that both give the same numbers.
//
// layout.place(arrangement, { closed, bundled, hidden, direction }) takes names as arrays or sets and gives
// { direction, width, height, boxes, titles, lines }. The last three are maps: name → { x, y, width, height }, and
// first name of a route → { points, label, isReversed, names }. layout.path(points, direction) is its SVG path.
const layout = (() => {
  const filled = (count, value) => new Array(count).fill(value);
  const lists = (count) => Array.from({ length: count }, () => []);

  // ------------------------------------------------------------------ fold.py

  const HIDDEN = -1;

  function folded(arrangement, closed, bundled, hidden) {
    const { names, frames } = arrangement;
    const count = names.length;
    const [inBundle, bundles] = bundlesOf(arrangement, bundled, hidden);
    const hasBoxes = filled(count, false);
    for (let box = 1; box < count; box++) if (!hidden.has(names[box])) hasBoxes[frames[box]] = true;
    const stands = filled(count, 0);
    const isOpen = filled(count, true);
    for (let box = 1; box < count; box++) {
      const frame = frames[box];
      if (stands[frame] === HIDDEN || hidden.has(names[box])) stands[box] = HIDDEN;
      else if (!isOpen[frame]) stands[box] = stands[frame];
      else stands[box] = inBundle.has(box) ? inBundle.get(box) : box;
      isOpen[box] = stands[box] === box && !inBundle.has(box) && hasBoxes[box] && !closed.has(names[box]);
    }
    return { stands, isOpen, bundles, lines: linesOf(arrangement.strands, stands) };
  }

  function bundlesOf({ names, sizes, bundles: all }, bundled, hidden) {
    const inBundle = new Map();
    const bundles = new Map();
    for (const bundle of all) {
      const members = bundle.filter((box) => !hidden.has(names[box]));
      if (!bundled.has(names[bundle[0]]) || members.length < 2) continue;
      const middle = members[Math.floor(members.length / 2)];
      let [width, height] = [0, 0];
      for (const box of members) {
        inBundle.set(box, middle);
        width = Math.max(width, sizes[box][0]);
        height = Math.max(height, sizes[box][1]);
      }
      bundles.set(middle, { name: names[bundle[0]], size: [width, height] });
    }
    return [inBundle, bundles];
  }

  function linesOf(strands, stands) {
    const found = new Map();
    const exact = ([, source, target]) => (stands[source] === source) + (stands[target] === target);
    for (const strand of strands) {
      const [source, target] = [stands[strand[1]], stands[strand[2]]];
      if (source === HIDDEN || target === HIDDEN || source === target) continue;
      const key = source * stands.length + target;
      const same = found.get(key);
      if (!same) found.set(key, [strand]);
      else if (exact(strand) > exact(same[0])) same.unshift(strand);
      else same.push(strand);
    }
    return [...found.values()];
  }

  function piecesOf([, , , , pieces], fold, frames) {
    return pieces.filter(([top, , , , bottom]) => {
      const frame = frames[top < frames.length ? top : bottom];
      return fold.stands[frame] === frame && fold.isOpen[frame];
    });
  }

  // ------------------------------------------------------------------ steps.py

  const CENTRE = -1;
  const REVERSED = -2;

  function stepsOf(arrangement, fold) {
    const boxes = arrangement.names.length;
    const count = boxes + arrangement.joints;
    const seen = filled(count, false);
    for (let box = 1; box < boxes; box++) seen[box] = fold.stands[box] === box;
    const opens = filled(count + 1, 0);
    const joins = filled(count + 1, 0);
    const routes = fold.lines.map((same) => piecesOf(same[0], fold, arrangement.frames));
    for (const pieces of routes) {
      for (const [top, label, first, last, bottom] of pieces) {
        for (const item of [top, label, bottom]) if (item >= boxes) seen[item] = true;
        if (first >= 0) {
          opens[first] += 1;
          opens[last + 1] -= 1;
          joins[first + 1] += 1;
          joins[last + 1] -= 1;
        }
      }
    }
    const roomOf = seeBends(arrangement, opens, seen);
    const [before, behind] = nextBends(boxes, count, joins, seen);
    const of = new Map(arrangement.floors.map(([frame]) => [frame, new Map()]));
    const bends = [];
    for (let bend = boxes; bend < count; bend++) {
      if (seen[bend] && before[bend] >= 0) {
        bends.push([bend, before[bend]]);
        addStep(of.get(roomOf.get(bend)), before[bend], bend, CENTRE, CENTRE);
      }
    }
    const pieces = fold.lines.map((same, number) => {
      const shown = routes[number].map((piece) => asSeen(piece, fold.stands, boxes, seen, before, behind));
      addSteps(same[0], shown, of, arrangement.frames);
      return shown;
    });
    return { seen, of, bends, before, pieces };
  }

  function seeBends({ names, floors }, opens, seen) {
    let covering = 0;
    const needed = seen.map((_, item) => (covering += opens[item]) > 0);
    const roomOf = new Map();
    for (const [frame, parts] of floors) {
      for (const row of parts.flat()) {
        if (!row.some((item) => seen[item])) continue;
        for (const item of row) {
          if (item >= names.length && needed[item]) {
            seen[item] = true;
            roomOf.set(item, frame);
          }
        }
      }
    }
    return roomOf;
  }

  function nextBends(boxes, count, joins, seen) {
    const [before, behind] = [filled(count, -1), filled(count, -1)];
    const joined = filled(count + 1, false);
    let [joining, last] = [0, -1];
    for (let item = boxes; item < count; item++) {
      joining += joins[item];
      joined[item] = joining > 0;
      if (!joined[item]) last = -1;
      before[item] = last;
      if (seen[item]) last = item;
    }
    last = -1;
    for (let item = count - 1; item >= boxes; item--) {
      if (!joined[item + 1]) last = -1;
      behind[item] = last;
      if (seen[item]) last = item;
    }
    return [before, behind];
  }

  function asSeen([top, label, first, last, bottom], stands, boxes, seen, before, behind) {
    if (top < boxes) top = stands[top];
    if (bottom < boxes) bottom = stands[bottom];
    if (first >= 0) {
      const [start, end] = [first, last];
      if (!seen[first]) first = behind[first];
      if (!seen[last]) last = before[last];
      if (first < start || last < start || first > end) first = last = -1;
    }
    return [top, label, first, last, bottom];
  }

  function addStep(steps, ...step) {
    const key = step.join();
    if (!steps.has(key)) steps.set(key, step);
  }

  function addSteps([, , , isReversed], pieces, of, frames) {
    const middle = isReversed ? REVERSED : CENTRE;
    pieces.forEach(([top, label, first, last, bottom], number) => {
      let [upperPort, lowerPort] = [CENTRE, CENTRE];
      if (top < frames.length) upperPort = number > 0 ? pieces[number - 1][4] : middle;
      if (bottom < frames.length) lowerPort = number < pieces.length - 1 ? pieces[number + 1][0] : middle;
      const steps = of.get(frames[top < frames.length ? top : bottom]);
      let upper = top;
      for (const item of [label, first]) {
        if (item >= 0) {
          addStep(steps, upper, item, upperPort, CENTRE);
          [upper, upperPort] = [item, CENTRE];
        }
      }
      addStep(steps, last >= 0 ? last : upper, bottom, upperPort, lowerPort);
    });
  }

  // ------------------------------------------------------------------ plan.py

  const ROOM = 12;
  const LABEL_ROOM = 6;
  const BEND_ROOM = 6;
  const TURN = 12;

  function planned(arrangement, fold, isDown) {
    const boxes = arrangement.names.length;
    const count = boxes + arrangement.joints;
    const [width, height] = [filled(count, 0), filled(count, 0)];
    const half = filled(count, BEND_ROOM).fill(ROOM, 0, boxes);
    const labels = new Map(Object.entries(arrangement.labels).map(([label, size]) => [Number(label), size]));
    const setSize = (item, size) => ([width[item], height[item]] = isDown ? size : [size[1], size[0]]);
    arrangement.sizes.forEach((size, box) => setSize(box, fold.bundles.has(box) ? fold.bundles.get(box).size : size));
    for (const [label, size] of labels) {
      setSize(label, size);
      half[label] = LABEL_ROOM;
    }
    for (let item = 0; item < count; item++) half[item] += width[item] / 2;
    const tied = filled(count, -1);
    const sheet = { x: filled(count, 0), half, above: lists(count), below: lists(count), tied, boxes };
    const steps = stepsOf(arrangement, fold);
    for (const [upper, lower] of arrangement.ties) tied[lower] = upper;
    const loose = new Set(arrangement.loose);
    for (const [bend, before] of steps.bends) {
      let isStraight = true;
      for (let each = before + 1; each <= bend; each++) if (loose.has(each)) isStraight = false;
      if (isStraight) tied[bend] = before;
    }
    const [top, rowTop, rowBottom] = [filled(count, 0), filled(count, 0), filled(count, 0)];
    return { arrangement, fold, steps, sheet, isDown, width, height, top, rowTop, rowBottom, labels };
  }

  function portOf(item, port, plan) {
    if (port >= 0) return plan.sheet.x[port] - plan.width[item] / 2;
    if (port === REVERSED && item < plan.sheet.boxes) return Math.min(TURN, plan.width[item] / 4);
    return 0;
  }

  function move(items, x, y, plan) {
    for (const item of items) {
      plan.sheet.x[item] += x;
      plan.top[item] += y;
      plan.rowTop[item] += y;
      plan.rowBottom[item] += y;
    }
  }

  function moveFloor([, parts, , , , singles], x, y, plan) {
    for (const row of parts.flat()) move(row, x, y, plan);
    move(singles, x, y, plan);
  }

  function rectOf(item, plan) {
    const [x, y] = [plan.sheet.x[item] - plan.width[item] / 2, plan.top[item]];
    if (plan.isDown) return { x, y, width: plan.width[item], height: plan.height[item] };
    return { x: y, y: x, width: plan.height[item], height: plan.width[item] };
  }

  // ------------------------------------------------------------------ spread.py

  const WEAK = 0.01;
  const SLACK = 0.2;
  const ROUNDS = 3;

  function spread(rows, sheet) {
    const upwards = rows.slice().reverse();
    for (const row of rows) lineUp(row, sheet);
    for (let round = 0; round < ROUNDS; round++) {
      for (const row of rows) spreadRow(row, sheet, [sheet.above]);
      for (const row of upwards) spreadRow(row, sheet, [sheet.below]);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const row of rows) spreadRow(row, sheet, [sheet.above, sheet.below]);
      for (const row of upwards) spreadRow(row, sheet, [sheet.above, sheet.below]);
    }
    straighten(rows, sheet);
  }

  function lineUp(row, sheet) {
    let width = 0;
    for (const item of row) {
      sheet.x[item] = width + sheet.half[item];
      width += 2 * sheet.half[item];
    }
    for (const item of row) sheet.x[item] -= width / 2;
  }

  function spreadRow(row, sheet, sides) {
    const [pulls, weights, sizes] = [[], [], []];
    let left = 0;
    for (const item of row) {
      let weight = WEAK;
      let pull = WEAK * sheet.x[item];
      for (const links of sides) {
        for (const [other, strength, shift] of links[item]) {
          weight += strength;
          pull += strength * (sheet.x[other] + shift);
        }
      }
      const want = pull / weight;
      if (item >= sheet.boxes) weight *= SLACK;
      left += sheet.half[item];
      pull = weight * (want - left);
      left += sheet.half[item];
      let size = 1;
      while (pulls.length && pulls.at(-1) * weight >= pull * weights.at(-1)) {
        pull += pulls.pop();
        weight += weights.pop();
        size += sizes.pop();
      }
      pulls.push(pull);
      weights.push(weight);
      sizes.push(size);
    }
    left = 0;
    let place = 0;
    sizes.forEach((size, number) => {
      const middle = pulls[number] / weights[number];
      for (const end = place + size; place < end; place++) {
        const item = row[place];
        left += sheet.half[item];
        sheet.x[item] = middle + left;
        left += sheet.half[item];
      }
    });
  }

  // ------------------------------------------------------------------ columns.py

  const TOUCHES = 4;
  const SNAP = 12;
  const NEAR = 0.01;
  const FEW = 12;

  function straighten(rows, sheet) {
    const columns = columnsOf(rows, sheet);
    const order = neighbours(rows, sheet, columns);
    separate(order, columns);
    for (let turn = 0; turn < TOUCHES; turn++) {
      for (const number of turn % 2 === 0 ? order : order.slice().reverse()) touch(number, columns, sheet);
    }
    for (const number of order) snap(number, columns, sheet);
    for (const number of order) {
      for (const item of columns.items[number]) sheet.x[item] = columns.place[number] + columns.shifts.get(item);
    }
  }

  function columnsOf(rows, sheet) {
    const columns = { items: [], of: new Map(), shifts: new Map(), place: [], left: [], right: [] };
    for (const item of rows.flat()) {
      const other = sheet.tied[item];
      if (columns.of.has(other)) {
        columns.of.set(item, columns.of.get(other));
        let at = columns.shifts.get(other);
        for (const [upper, , shift] of sheet.above[item]) if (upper === other) at = columns.shifts.get(other) + shift;
        columns.shifts.set(item, at);
        columns.items[columns.of.get(item)].push(item);
      } else {
        columns.of.set(item, columns.items.length);
        columns.shifts.set(item, 0);
        columns.items.push([item]);
      }
    }
    for (const items of columns.items) {
      let total = 0;
      for (const item of items) total += sheet.x[item] - columns.shifts.get(item);
      columns.place.push(total / items.length);
    }
    return columns;
  }

  function neighbours(rows, sheet, columns) {
    columns.left = lists(columns.items.length);
    columns.right = lists(columns.items.length);
    for (const row of rows) {
      for (let number = 1; number < row.length; number++) {
        const [left, right] = [row[number - 1], row[number]];
        const gap = sheet.half[left] + sheet.half[right] + columns.shifts.get(left) - columns.shifts.get(right);
        columns.right[columns.of.get(left)].push([columns.of.get(right), gap]);
        columns.left[columns.of.get(right)].push([columns.of.get(left), gap]);
      }
    }
    const missing = columns.left.map((each) => each.length);
    const order = [];
    missing.forEach((each, number) => each || order.push(number));
    for (const number of order) {
      for (const [other] of columns.right[number]) {
        missing[other] -= 1;
        if (!missing[other]) order.push(other);
      }
    }
    return order;
  }

  function separate(order, columns) {
    const { place, left, right } = columns;
    const [rightmost, leftmost] = [place.slice(), place.slice()];
    for (const number of order) {
      for (const [other, gap] of left[number]) {
        rightmost[number] = Math.max(rightmost[number], rightmost[other] + gap);
      }
    }
    for (const number of order.slice().reverse()) {
      for (const [other, gap] of right[number]) {
        leftmost[number] = Math.min(leftmost[number], leftmost[other] - gap);
      }
    }
    for (const number of order) place[number] = (leftmost[number] + rightmost[number]) / 2;
  }

  function touch(number, columns, sheet) {
    let [weight, pull] = [0, 0];
    for (const [at, strength] of links(number, columns, sheet)) {
      weight += strength;
      pull += strength * at;
    }
    if (weight) columns.place[number] = within(pull / weight, number, columns);
  }

  function snap(number, columns, sheet) {
    const linked = links(number, columns, sheet);
    const here = columns.place[number];
    const isFree = columns.items[number].every((item) => item >= sheet.boxes);
    let [best, most] = [here, 0];
    for (const [at] of linked.length <= FEW ? linked : []) {
      if ((isFree || Math.abs(at - here) <= SNAP) && within(at, number, columns) === at) {
        let total = 0;
        for (const [other, strength] of linked) if (Math.abs(other - at) < NEAR) total += strength;
        if (total > most || (total === most && Math.abs(at - here) < Math.abs(best - here))) [best, most] = [at, total];
      }
    }
    columns.place[number] = best;
  }

  function links(number, columns, sheet) {
    const found = [];
    for (const item of columns.items[number]) {
      for (const linked of [sheet.above[item], sheet.below[item]]) {
        for (const [other, strength, shift] of linked) {
          const column = columns.of.get(other);
          if (column !== number) {
            const at = columns.place[column] + columns.shifts.get(other) + shift - columns.shifts.get(item);
            found.push([at, strength]);
          }
        }
      }
    }
    return found;
  }

  function within(place, number, columns) {
    for (const [other, gap] of columns.right[number]) place = Math.min(place, columns.place[other] - gap);
    for (const [other, gap] of columns.left[number]) place = Math.max(place, columns.place[other] + gap);
    return place;
  }

  // ------------------------------------------------------------------ rows.py

  const GAP = 36;
  const LABEL_GAP = 18;
  const BORDER_GAP = 24;
  const STEEPEST = 8;
  const LARGER = 48;
  const STRENGTHS = [4, 2, 8];

  function link(steps, plan) {
    const { sheet } = plan;
    for (const [upper, lower, leaves, meets] of steps) {
      const shift = portOf(upper, leaves, plan) - portOf(lower, meets, plan);
      const strength = STRENGTHS[(upper >= sheet.boxes) + (lower >= sheet.boxes)];
      sheet.above[lower].push([upper, strength, shift]);
      sheet.below[upper].push([lower, strength, -shift]);
    }
  }

  function seenRows(part, plan) {
    return part.map((row) => row.filter((item) => plan.steps.seen[item])).filter((row) => row.length);
  }

  function layRows(rows, plan, least) {
    if (!rows.length) return [0, 0];
    const { sheet, width, height } = plan;
    spread(rows, sheet);
    let left = sheet.x[rows[0][0]];
    let right = left;
    for (const item of rows.flat()) {
      left = Math.min(left, sheet.x[item] - width[item] / 2);
      right = Math.max(right, sheet.x[item] + width[item] / 2);
    }
    let [top, bottom] = [0, 0];
    rows.forEach((row, number) => {
      if (number) top = bottom + gapOf(rows[number - 1], row, plan);
      let tallest = number ? 0 : least;
      for (const item of row) tallest = Math.max(tallest, height[item]);
      bottom = top + tallest;
      for (const item of row) {
        sheet.x[item] -= left;
        plan.rowTop[item] = top;
        plan.rowBottom[item] = bottom;
        plan.top[item] = top + (tallest - height[item]) / 2;
      }
    });
    return [right - left, bottom];
  }

  function gapOf(row, following, plan) {
    const { x, above } = plan.sheet;
    let farthest = 0;
    for (const item of following) {
      for (const [other, , shift] of above[item]) farthest = Math.max(farthest, Math.abs(x[item] - x[other] - shift));
    }
    const gap = Math.min(ownGap(row, plan), ownGap(following, plan));
    return gap + Math.min(LARGER, Math.max(0, farthest / STEEPEST - gap));
  }

  function ownGap(row, plan) {
    if (row.some((item) => item < plan.sheet.boxes)) return GAP;
    return row.some((item) => plan.labels.has(item)) ? LABEL_GAP : BORDER_GAP;
  }

  // ------------------------------------------------------------------ pack.py

  const WIDE = 1.6;
  const TRIALS = 24;

  function packed(sizes, gap, shape) {
    let [widest, total] = [0, 0];
    for (const [width] of sizes) {
      widest = Math.max(widest, width);
      total += width + gap;
    }
    let best = shelves(sizes, gap, total);
    for (let trial = 0; trial < TRIALS; trial++) {
      const found = shelves(sizes, gap, widest + ((total - widest) * trial * trial) / (TRIALS * TRIALS));
      if (Math.max(found.width, found.height * shape) < Math.max(best.width, best.height * shape)) best = found;
    }
    return best;
  }

  function shelves(sizes, gap, limit) {
    const corners = [];
    let [top, left, column, below, shelf, right] = [0, 0, 0, 0, 0, 0];
    for (const [width, height] of sizes) {
      if (column && below + height <= shelf && (width <= column || left + width <= limit)) {
        corners.push([left, top + below]);
        below += height + gap;
        column = Math.max(column, width);
        right = Math.max(right, left + width);
        continue;
      }
      if (column) left += column + gap;
      if (left && left + width > limit) {
        top += shelf + gap;
        left = shelf = 0;
      }
      corners.push([left, top]);
      [column, below] = [width, height + gap];
      shelf = Math.max(shelf, height);
      right = Math.max(right, left + width);
    }
    return { width: right, height: top + shelf, corners };
  }

  // ------------------------------------------------------------------ floors.py

  const PADDING = 16;
  const BORDER = 8;
  const TITLE_GAP = 8;
  const BLOCK_GAP = 32;
  const SINGLE_GAP = 20;

  function titleOf([frame, parts, , hasEntries], plan) {
    const [width, height] = plan.arrangement.titles[frame] || [0, 0];
    const entries = hasEntries ? parts[0][0].filter((item) => plan.steps.seen[item]) : [];
    return { width, height, beside: entries.length && plan.isDown ? height : 0, entries };
  }

  function lay(floor, plan) {
    const [frame, parts, hasBorder, , , singles] = floor;
    link(plan.steps.of.get(frame).values(), plan);
    const title = titleOf(floor, plan);
    const blocks = parts.map((part, number) => {
      const rows = seenRows(part, plan);
      const [width, height] = layRows(rows, plan, number ? 0 : title.beside);
      return { items: rows.flat(), width, height };
    });
    blocks.push(grid(singles.filter((box) => plan.steps.seen[box]), plan));
    const first = hasBorder ? blocks.shift() : { items: [], width: 0, height: 0 };
    const [width, height] = pack(first, blocks.filter((block) => block.items.length), plan);
    if (frame) enclose(floor, title, width, height, plan);
    else [plan.width[0], plan.height[0]] = [width, height];
  }

  function grid(boxes, plan) {
    const sizes = boxes.map((box) => [plan.width[box], plan.height[box]]);
    const { width, height, corners } = packed(sizes, SINGLE_GAP, shapeOf(plan));
    boxes.forEach((box, number) => {
      plan.sheet.x[box] = corners[number][0] + plan.width[box] / 2;
      plan.top[box] = corners[number][1];
    });
    return { items: boxes, width, height };
  }

  function shapeOf(plan) {
    return plan.isDown ? WIDE : 1 / WIDE;
  }

  function pack(first, blocks, plan) {
    const whole = packed(blocks.map((block) => [block.width, block.height]), BLOCK_GAP, shapeOf(plan));
    const left = first.items.length && blocks.length ? first.width + BLOCK_GAP : first.width;
    blocks.forEach((block, number) => {
      const [x, y] = whole.corners[number];
      move(block.items, left + x, y, plan);
    });
    return [left + whole.width, Math.max(first.height, whole.height)];
  }

  function enclose(floor, title, width, height, plan) {
    const [frame, parts, , , hasExits] = floor;
    let [left, top] = [PADDING, title.entries.length ? BORDER : PADDING];
    if (!plan.isDown) {
      if (title.height) left = BORDER + title.height + TITLE_GAP;
      height = Math.max(height, title.width - top + PADDING);
    } else if (title.entries.length) {
      let first = plan.sheet.x[title.entries[0]];
      for (const item of title.entries) first = Math.min(first, plan.sheet.x[item]);
      left += Math.max(0, title.width + LABEL_ROOM - first);
    } else if (title.height) {
      top = BORDER + title.height + TITLE_GAP;
      width = Math.max(width, title.width);
    }
    moveFloor(floor, left, top, plan);
    const isExit = hasExits && parts[0].at(-1).some((item) => plan.steps.seen[item]);
    plan.width[frame] = left + width + PADDING;
    plan.height[frame] = top + height + (isExit ? BORDER : PADDING);
    plan.sheet.half[frame] = plan.width[frame] / 2 + ROOM;
  }

  // ------------------------------------------------------------------ routes.py

  function routesOf(plan) {
    const starts = plan.top.map((_, item) => item);
    for (const [bend, before] of plan.steps.bends) {
      if (Math.abs(plan.sheet.x[bend] - plan.sheet.x[before]) < NEAR) starts[bend] = starts[before];
    }
    const routes = new Map();
    plan.fold.lines.forEach((same, number) => {
      const [spans, label] = spansOf(same[0], plan.steps.pieces[number], starts, plan);
      routes.set(same[0][0], routeOf(same, spans, label, plan));
    });
    return routes;
  }

  function spansOf([, , , isReversed], pieces, starts, plan) {
    const { boxes, x } = plan.sheet;
    const { top: tops, height, rowTop, rowBottom } = plan;
    const { frames } = plan.arrangement;
    const spans = [];
    let shown = -1;
    const middle = isReversed ? REVERSED : CENTRE;
    pieces.forEach(([top, label, first, last, bottom], number) => {
      const isLast = number === pieces.length - 1;
      if (top >= boxes) {
        join(spans, [x[top], number ? rowTop[top] : tops[frames[bottom]], rowBottom[top]]);
      } else {
        const port = number ? pieces[number - 1][4] : middle;
        join(spans, [meets(top, port, plan), tops[top] + height[top], rowBottom[top]]);
      }
      if (label >= 0) {
        shown = label;
        join(spans, [x[label], rowTop[label], rowBottom[label]]);
      }
      for (const span of straights(first, last, starts, plan).reverse()) join(spans, span);
      if (bottom >= boxes) {
        const frame = frames[top];
        join(spans, [x[bottom], rowTop[bottom], isLast ? tops[frame] + height[frame] : rowBottom[bottom]]);
      } else {
        const port = isLast ? middle : pieces[number + 1][0];
        join(spans, [meets(bottom, port, plan), rowTop[bottom], tops[bottom]]);
      }
    });
    return [spans, shown];
  }

  function meets(box, port, plan) {
    return port >= 0 ? plan.sheet.x[port] : plan.sheet.x[box] + portOf(box, port, plan);
  }

  function straights(first, last, starts, plan) {
    const spans = [];
    while (first >= 0 && last >= first) {
      const start = Math.max(starts[last], first);
      spans.push([plan.sheet.x[last], plan.rowTop[start], plan.rowBottom[last]]);
      last = plan.steps.before[start];
    }
    return spans;
  }

  function join(spans, span) {
    if (spans.length && Math.abs(spans.at(-1)[0] - span[0]) < NEAR) {
      const [x, start] = spans.pop();
      span = [x, start, span[2]];
    }
    spans.push(span);
  }

  function routeOf(same, spans, label, plan) {
    const points = [];
    for (const [x, start, end] of spans) {
      if (plan.isDown) points.push([x, start], [x, end]);
      else points.push([start, x], [end, x]);
    }
    const isReversed = same[0][3];
    if (isReversed) points.reverse();
    return { points, label: label >= 0 ? rectOf(label, plan) : null, isReversed, names: same.map(([name]) => name) };
  }

  function path(points, direction) {
    const texts = [`M${number(points[0][0])} ${number(points[0][1])}`];
    for (let place = 1; place < points.length; place++) {
      const [x, y] = points[place - 1];
      const [right, low] = points[place];
      if (place % 2) {
        if (right !== x || low !== y) texts.push(`L${number(right)} ${number(low)}`);
      } else if (direction === "down") {
        const middle = number((y + low) / 2);
        texts.push(`C${number(x)} ${middle} ${number(right)} ${middle} ${number(right)} ${number(low)}`);
      } else {
        const middle = number((x + right) / 2);
        texts.push(`C${middle} ${number(y)} ${middle} ${number(low)} ${number(right)} ${number(low)}`);
      }
    }
    return texts.join("");
  }

  function number(value) {
    return String(Math.floor(value * 10 + 0.5) / 10);
  }

  // ------------------------------------------------------------------ place.py

  function place(arrangement, { closed = [], bundled = [], hidden = [], direction = arrangement.direction } = {}) {
    const fold = folded(arrangement, new Set(closed), new Set(bundled), new Set(hidden));
    const plan = planned(arrangement, fold, direction === "down");
    const isShown = ([frame]) => fold.stands[frame] === frame && fold.isOpen[frame];
    for (const floor of arrangement.floors.slice().reverse()) if (isShown(floor)) lay(floor, plan);
    for (const floor of arrangement.floors) {
      const frame = floor[0];
      if (frame && isShown(floor)) moveFloor(floor, plan.sheet.x[frame] - plan.width[frame] / 2, plan.top[frame], plan);
    }
    const [width, height] = plan.isDown ? [plan.width[0], plan.height[0]] : [plan.height[0], plan.width[0]];
    return { direction, width, height, boxes: boxesOf(plan), titles: titlesOf(plan), lines: routesOf(plan) };
  }

  function boxesOf(plan) {
    const boxes = new Map();
    for (let box = 1; box < plan.sheet.boxes; box++) {
      if (!plan.steps.seen[box]) continue;
      const bundle = plan.fold.bundles.get(box);
      boxes.set(bundle ? bundle.name : plan.arrangement.names[box], rectOf(box, plan));
    }
    return boxes;
  }

  function titlesOf(plan) {
    const titles = new Map();
    for (const [key, [width, height]] of Object.entries(plan.arrangement.titles)) {
      const frame = Number(key);
      if (plan.steps.seen[frame] && plan.fold.isOpen[frame]) {
        const { x, y } = rectOf(frame, plan);
        titles.set(plan.arrangement.names[frame], { x: x + PADDING, y: y + BORDER, width, height });
      }
    }
    return titles;
  }

  return { place, path };
})();

// What is near to a node, before it, or after it, along the lines. A frame and what it holds go together.

function withInside(ids) {
  const found = new Set(ids);
  for (const id of ids) if (isFrame(id)) for (const each of inside(id)) found.add(each);
  return found;
}

// Everything that a node waits for (`into`, `from`), or that waits for it (`outOf`, `to`), without itself.
function reached(start, ends, end) {
  const found = withInside([start]);
  const own = new Set(found);
  const waiting = [...found];
  const asked = new Set();
  while (waiting.length) {
    const id = waiting.pop();
    for (const each of [id, ...around(id)]) {
      if (asked.has(each)) continue;
      asked.add(each);
      for (const line of ends.get(each) || []) {
        for (const other of withInside([line[end]])) {
          if (found.has(other)) continue;
          found.add(other);
          waiting.push(other);
        }
      }
    }
  }
  return new Set([...found].filter((id) => !own.has(id)));
}

const upstream = (id) => reached(id, into, "from");
const downstream = (id) => reached(id, outOf, "to");

// A node, what it holds, and what is at most some steps away.
function near(id, steps) {
  const found = withInside([id]);
  let newest = [...found];
  for (let step = 0; step < steps && newest.length; step++) {
    const next = new Set();
    for (const each of newest) {
      for (const line of into.get(each) || []) if (line.source) next.add(line.from);
      for (const line of outOf.get(each) || []) if (line.target) next.add(line.to);
    }
    newest = [...next].filter((each) => !found.has(each));
    for (const each of newest) found.add(each);
  }
  return found;
}

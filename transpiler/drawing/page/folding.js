// What is closed, stacked or hidden; and which box stands for a node.

const folding = {
  closed: new Set(data.closed),
  bundled: new Set(data.bundled),
  hidden: new Set(data.hasInputs ? [] : [INPUTS]),
  hasInputs: data.hasInputs,
  direction: data.arrangement.direction,
};
const bundles = new Map(Object.entries(data.bundles));
const bundleOf = new Map();
for (const [name, members] of bundles) for (const member of members) bundleOf.set(member, name);

const frames = [...below.keys()].filter((id) => id && nodes.has(id));
const MOST_BOXES = 3000;

const isHidden = (id) => folding.hidden.has(id) || around(id).some((each) => folding.hidden.has(each));

function isBundled(id) {
  const name = bundleOf.get(id);
  if (name === undefined || !folding.bundled.has(name)) return false;
  return bundles.get(name).filter((each) => !folding.hidden.has(each)).length > 1;
}

// The name of the box that is drawn for a node; null if it is hidden.
function standing(id) {
  if (isHidden(id)) return null;
  for (const each of [id, ...around(id)].reverse()) {
    if (isBundled(each)) return bundleOf.get(each);
    if (each !== id && folding.closed.has(each)) return each;
  }
  return id;
}

// Open all that hides a node.
function uncover(id) {
  let isChanged = false;
  for (const each of [id, ...around(id)]) {
    if (each !== id) isChanged = folding.closed.delete(each) || isChanged;
    if (isBundled(each)) isChanged = folding.bundled.delete(bundleOf.get(each)) || isChanged;
  }
  return isChanged;
}

function toggle(id) {
  if (folding.closed.has(id)) folding.closed.delete(id);
  else folding.closed.add(id);
}

// How many boxes there are when all is open.
const boxesInAll = graph.nodes.length - frames.length;

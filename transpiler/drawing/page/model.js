// The graph: nodes by their ids, what holds what, and lines by their ends.

const data = JSON.parse(byId("data").textContent);
const { graph } = data;
const INPUTS = "@inputs";
const OUTPUTS = "@outputs";
const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
const below = new Map();
const parents = new Map();

for (const node of graph.nodes) {
  const parent = node.parent || (node.section === "tasks" ? "" : "@" + node.section);
  parents.set(node.id, parent);
  if (!below.has(parent)) below.set(parent, []);
  below.get(parent).push(node.id);
}

const lines = new Map(Object.entries(data.lines));
const into = new Map();
const outOf = new Map();

for (const line of lines.values()) {
  line.from = line.source || INPUTS;
  line.to = line.target || OUTPUTS;
  for (const [ends, end] of [[into, line.to], [outOf, line.from]]) {
    if (!ends.has(end)) ends.set(end, []);
    ends.get(end).push(line);
  }
}

const isFrame = (id) => id !== "" && below.has(id);

// The frames around a node, the innermost first.
function around(id) {
  const found = [];
  for (let at = parents.get(id); at; at = parents.get(at)) found.push(at);
  return found;
}

// All nodes in a frame, at any depth.
function inside(id) {
  const found = [];
  const waiting = [id];
  while (waiting.length) {
    const held = below.get(waiting.pop()) || [];
    found.push(...held);
    waiting.push(...held.filter(isFrame));
  }
  return found;
}

function nameOf(id) {
  if (id === INPUTS) return "the inputs of the pipeline";
  if (id === OUTPUTS) return "the outputs of the pipeline";
  return nodes.has(id) ? id : id.slice(1);
}

// The tasks at the other ends of lines, each once, with the lines.
function partners(ends, id, end) {
  const found = new Map();
  for (const line of ends.get(id) || []) {
    if (!found.has(line[end])) found.set(line[end], []);
    found.get(line[end]).push(line);
  }
  return found;
}

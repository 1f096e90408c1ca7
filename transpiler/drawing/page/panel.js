// The details of what is selected.

const WORDS = {
  forEach: "Each of",
  when: "When",
  depends: "Depends on",
  timeout: "Timeout",
  parallelism: "At a time",
  failFast: "Stops at a failure",
  mayFail: "May fail",
  use: "Uses",
  retry: "Retries",
  cache: "Cache",
  hook: "Runs",
  recursion: "Starts again",
};
const WORK_NAMES = { approval: "waits for an approval", cluster: "template in the cluster" };
const MOST_LINKS = 40;

function showDetails(...parts) {
  const details = byId("details");
  byId("overview").hidden = parts.length > 0;
  details.hidden = parts.length === 0;
  details.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  byId("panel").scrollTop = 0;
}

function link(id, text = nameOf(id)) {
  if (!nodes.has(id)) return h("span", {}, text);
  return h("a", { href: "#task=" + address(id) }, text);
}

function action(text, does, isPressed) {
  const pressed = isPressed === undefined ? null : String(isPressed);
  return h("button", { type: "button", "data-do": does, "aria-pressed": pressed }, text);
}

function crumbs(id) {
  const frames = around(id).reverse();
  return frames.length ? h("p", { class: "crumbs" }, frames.map((each) => [link(each, nodes.get(each)?.name), " / "])) : null;
}

// ---------------------------------------------------------------------- a task or frame

function showNode(id) {
  const node = nodes.get(id);
  showDetails(
    crumbs(id),
    h("h2", { class: "subject" }, node.name),
    h("p", { class: "kind" }, kindOf(node)),
    actions(id),
    node.description ? h("p", { class: "description" }, node.description) : null,
    problemsOf(node.problems),
    node.state ? runOf(node) : changesOf(node.mark),
    factsOf(node),
    ports("Inputs", node.inputs),
    ports("Outputs", node.outputs),
    partnersOf("Waits for", partners(into, id, "from"), INPUTS),
    partnersOf("Waited for by", partners(outOf, id, "to")),
    node.kind === "band" ? null : [documentation(node), manifestOf(node), compiledOf(id)],
  );
}

function kindOf(node) {
  if (node.kind === "task") return ["task", node.work ? " · " + (WORK_NAMES[node.work] || node.work) : ""];
  const tasks = inside(node.id).filter((id) => !isFrame(id)).length + node.unopened;
  return `${KIND_NAMES[node.kind]} of ${count(tasks, "task")}`;
}

function actions(id) {
  return h(
    "div",
    { class: "set actions", role: "group", "aria-label": "In the picture" },
    isFrame(id) ? action(folding.closed.has(id) ? "Open" : "Fold", "toggle") : null,
    action("Focus", "focus", focus?.id === id),
    action("Upstream", "upstream", trace.has("upstream")),
    action("Downstream", "downstream", trace.has("downstream")),
  );
}

function problemsOf(problems) {
  if (!problems.length) return null;
  const items = problems.map((each) =>
    h(
      "li",
      { class: each.severity },
      h("strong", {}, each.severity),
      " ",
      each.message,
      each.hint ? h("p", { class: "about" }, each.hint) : null,
      h("span", { class: "path" }, `${each.file}:${each.line} ${each.code}`),
    ),
  );
  return h("ul", { class: "problems" }, items);
}

function factsOf(node) {
  const facts = node.facts.filter(({ key, text }) => text && key !== "waits for").map(({ key, text }) => [WORDS[key] || key, text, ""]);
  const all = [
    ["Component", node.component, ""],
    ["Reference", node.reference, "path"],
    ["Image", node.image, "path"],
    ["Hook of", node.hookOf ? link(node.hookOf) : "", ""],
    ...facts,
    ["Not drawn", node.unopened ? count(node.unopened, "task") : "", ""],
  ].filter(([, text]) => text);
  if (!all.length) return null;
  return h("dl", { class: "facts" }, all.map(([key, text, kind]) => h("div", {}, h("dt", {}, key), h("dd", { class: kind }, text))));
}

// How a task differs from the other version.
function changesOf(mark) {
  if (!mark) return null;
  const texts = mark.text && mark.text !== mark.kind ? mark.text.split("\n") : [];
  return h("ul", { class: "problems" }, h("li", { class: mark.kind }, h("strong", {}, mark.kind), texts.map((text) => h("p", {}, text))));
}

function ports(title, given) {
  if (!given.length) return null;
  return [h("h3", {}, title), h("ul", { class: "ports" }, given.map(port))];
}

function port(given) {
  const value =
    given.value !== null
      ? h("code", { class: "value" }, given.value)
      : given.default !== null
        ? h("span", { class: "value" }, h("span", { class: "quiet" }, "default "), h("code", {}, given.default || "empty"))
        : given.required
          ? h("span", { class: "need" }, "required")
          : null;
  const name = h("div", {}, h("code", { class: "name" }, given.name), " ", h("span", { class: "type" }, given.type));
  return h("li", {}, name, value, given.description ? h("p", { class: "about" }, given.description) : null);
}

function partnersOf(title, found, without = null) {
  const others = [...found].filter(([id]) => id !== without);
  if (!others.length) return null;
  const items = others
    .slice(0, MOST_LINKS)
    .map(([id, all]) => h("li", {}, link(id), h("span", { class: "flow" }, all.map(whatFlows).join(", "))));
  const more = others.length - MOST_LINKS;
  if (more > 0) items.push(h("li", { class: "quiet" }, `and ${more} more`));
  return [h("h3", {}, title), h("ul", { class: "partners" }, items)];
}

function documentation(node) {
  if (!node.defined || !(node.defined.file in data.files)) return null;
  const { file, line } = node.defined;
  const known = data.components[`${file}:${line}`];
  const isOwnFile = file !== node.source.file;
  if (!known && !isOwnFile) return null;
  const make = () => [
    known?.description ? h("p", { class: "description" }, known.description) : null,
    known?.annotations.length
      ? h("dl", { class: "facts" }, known.annotations.map(([key, text]) => h("div", {}, h("dt", {}, key), h("dd", {}, text))))
      : null,
    h("p", { class: "path" }, `${file}:${line}`),
    isOwnFile ? listing(linesOf(file), 1) : null,
  ].filter(Boolean);
  return folded(["Component ", known?.name || node.component], make);
}

function manifestOf(node) {
  const { firstLine, lastLine } = node.source;
  const file = data.elsewhere[node.id] ?? node.source.file;
  return [
    h("h3", {}, "In the manifest"),
    h("p", { class: "path" }, `${file}:${firstLine}`),
    listing(linesOf(file).slice(firstLine - 1, lastLine), firstLine),
  ];
}

function compiledOf(id) {
  const names = data.compiled.used[id] || [];
  const make = () => names.map((name) => listing(data.compiled.templates[name].replace(/\n$/, "").split("\n")));
  return names.length ? folded("Compiled template", make) : null;
}

// ---------------------------------------------------------------------- several tasks, lines

function showBundle(name) {
  const members = bundles.get(name).filter((each) => !folding.hidden.has(each));
  showDetails(
    crumbs(name),
    h("h2", { class: "subject" }, count(members.length, "task")),
    h("p", { class: "kind" }, nodes.get(name).component || "side by side"),
    h("div", { class: "set actions" }, action("Unstack", "unstack")),
    h("ul", { class: "partners" }, members.map((each) => h("li", {}, link(each, nodes.get(each).name)))),
  );
}

function showRoute(all) {
  const shown = all.slice(0, MOST_LINKS).map((line) => [
    h("h3", { class: "ends" }, link(line.from), " → ", link(line.to)),
    h("ul", { class: "ports" }, line.flows.map(flowItem)),
  ]);
  const more = all.length - MOST_LINKS;
  showDetails(
    h("h2", { class: "subject" }, all.length === 1 ? "Line" : count(all.length, "line")),
    shown,
    more > 0 ? h("p", { class: "quiet" }, `and ${more} more`) : null,
  );
}

function flowItem([name, type, how, takenBy]) {
  const what = how === "order" || how === "hook" ? (name ? `if ${name}` : how) : name;
  const taken = takenBy ? takenBy.replace(/^(arguments|outputs)\./, "") : "";
  return h(
    "li",
    {},
    h("div", {}, h("code", { class: "name" }, what), " ", h("span", { class: "type" }, type)),
    h("p", { class: "about" }, how === "order" || how === "hook" ? "order" : `as ${how}`, taken ? [", taken by ", h("code", {}, taken)] : ""),
  );
}

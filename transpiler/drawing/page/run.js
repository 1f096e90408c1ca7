// What happened to a task in a run.

function runOf({ state, mark }) {
  const facts = [
    ["State", mark ? mark.text || mark.kind : state.phase],
    ["Message", state.message],
    ["Started", state.started],
    ["Finished", state.finished],
    ["Executions", countsOf(state.counts)],
  ].filter(([, text]) => text);
  return [
    facts.length ? h("dl", { class: "facts" }, facts.map(([key, text]) => h("div", {}, h("dt", {}, key), h("dd", {}, text)))) : null,
    executions("Tries", state.tries.map((each) => [`try ${each.number}`, each])),
    executions("Items", state.items.map((each) => [each.text, each])),
    outputsOf(state.outputs),
  ];
}

// How many executions have each phase; nothing for a single one.
function countsOf(counts) {
  const all = Object.entries(counts);
  return all.reduce((sum, [, number]) => sum + number, 0) > 1 ? all.map(([phase, number]) => `${number} ${phase}`).join(", ") : "";
}

function executions(title, all) {
  if (!all.length) return null;
  const items = all.map(([name, each]) => {
    const seconds = each.seconds === null ? "" : `${Math.round(each.seconds)} s`;
    const code = each.exitCode ? `exit code ${each.exitCode}` : "";
    return h(
      "li",
      {},
      h("div", {}, h("code", { class: "name" }, name), " ", h("span", { class: "type" }, each.isCached ? "cached" : each.phase)),
      h("p", { class: "about" }, [seconds, code, each.message].filter(Boolean).join(", ")),
    );
  });
  return [h("h3", {}, title), h("ul", { class: "ports" }, items)];
}

function outputsOf(outputs) {
  const all = Object.entries(outputs);
  if (!all.length) return null;
  const items = all.map(([name, value]) => h("li", {}, h("code", { class: "name" }, name), h("code", { class: "value" }, value)));
  return [h("h3", {}, "Values of this run"), h("ul", { class: "ports" }, items)];
}

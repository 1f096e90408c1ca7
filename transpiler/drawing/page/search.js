// The search: by name, component, reference and image.

const field = byId("search");
const words = new Map(
  written.map((node) => [node.id, [node.id, node.component, node.reference, node.image].join(" ").toLowerCase()]),
);
let hits = null;
let hit = -1;

function search() {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  hits = wanted.length ? [...words].filter(([, text]) => wanted.every((word) => text.includes(word))).map(([id]) => id) : null;
  hit = -1;
  tellHits();
  markHits();
  if (isTable()) filterRows();
}

function tellHits() {
  const all = hits ? `${hits.length.toLocaleString("en")} of ${written.length.toLocaleString("en")}` : "";
  byId("found").textContent = hit >= 0 ? `${hit + 1} / ${hits.length}` : all;
  if (hits) say(hit >= 0 ? `${hit + 1} of ${hits.length}: ${hits[hit]}` : `${all} tasks found`);
}

function markHits() {
  const found = new Set((hits || []).map(standing));
  for (const [name, shape] of shapes) shape.classList.toggle("match", found.has(name));
}

function nextHit(step) {
  if (!hits?.length) return;
  hit = (hit + step + (hit < 0 && step < 0 ? 1 : 0) + hits.length) % hits.length;
  select("node", hits[hit]);
  tellHits();
}

function searchKey(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    nextHit(event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    if (!field.value) focusBox(tabStop());
    field.value = "";
    search();
  }
}

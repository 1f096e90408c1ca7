
"use strict";
(() => {
  const input = document.getElementById("search");
  const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    if (input) input.select();
    else location.href = document.body.dataset.root + "index.html#q=";
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const target = document.getElementById(button.dataset.copy);
      const copied = await copy(target.textContent);
      if (!copied) selectAll(target);
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      button.classList.toggle("done", copied);
      setTimeout(() => {
        button.textContent = "Copy";
        button.classList.remove("done");
      }, 1600);
    });
  }

  // A page from the disk may not be given the clipboard; then a selection is copied, as people do it.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "hidden";
      const focused = document.activeElement;
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      focused.focus();
      return copied;
    }
  }

  function selectAll(element) {
    getSelection().selectAllChildren(element);
  }

  // Not every browser opens the details that an address points into.
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    const closed = target && target.closest("details:not([open])");
    if (!closed) return;
    closed.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();

  if (!input) return;
  const status = document.getElementById("status");
  const none = document.getElementById("none");
  const items = [...document.querySelectorAll("[data-text]")];
  const sections = [...document.querySelectorAll(".group")];
  const links = () => items.filter((item) => !item.hidden).map((item) => item.querySelector("h3 a"));
  document.getElementById("finder").hidden = false;

  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((word) => item.dataset.text.includes(word));
    for (const section of sections) {
      const left = section.querySelectorAll("li:not([hidden])").length;
      section.hidden = words.length > 0 && (left === 0 || section.id === "pipelines");
      const count = section.querySelector(".count");
      if (count) count.textContent = left;
    }
    const found = links().length;
    none.hidden = found > 0;
    status.textContent = words.length ? `${found} of ${items.length} components` : "";
    history.replaceState(null, "", words.length ? "#q=" + encodeURIComponent(input.value) : "#");
  }

  function fromAddress() {
    if (!location.hash.startsWith("#q=")) return;
    try {
      input.value = decodeURIComponent(location.hash.slice(3));
    } catch {
      input.value = "";
    }
    input.focus({ preventScroll: true });
    filter();
  }

  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    const first = links()[0];
    if (event.key === "Escape") {
      if (!input.value) input.blur();
      input.value = "";
      filter();
    } else if (event.key === "Enter" && first) {
      first.click();
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    const shown = links();
    const at = shown.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    (shown[at + step] || (step < 0 ? input : shown[at])).focus();
  });
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();

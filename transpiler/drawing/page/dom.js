// Elements. Texts of the manifest become text nodes and attributes, never markup.

const byId = (id) => document.getElementById(id);
const HIDDEN_OR_TURNING = /[^\P{C}\n]|[\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

// Characters that hide or turn a text, as escapes: as messages of the command show them.
function safe(text) {
  return String(text).replace(HIDDEN_OR_TURNING, (character) => {
    if (character === "\t") return " ";
    const code = character.codePointAt(0).toString(16);
    if (code.length <= 2) return "\\x" + code.padStart(2, "0");
    return code.length <= 4 ? "\\u" + code.padStart(4, "0") : "\\U" + code.padStart(8, "0");
  });
}

// `attributes`: texts, true for one without a value, and functions for events. Children: nodes, texts, lists, null.
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, safe(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== "") element.append(safe(child));
  }
  return element;
}

function draw(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

// What a screen reader says.
function say(text) {
  byId("status").textContent = safe(text);
}

/** Small builders for DOM nodes. Texts only ever become text nodes. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Builds an element. `class`, `text`, `test` (data-test) and `on` (listeners) are special; a value of
 * null, undefined or false leaves the attribute out, true sets it empty.
 * @param {string} tag
 * @param {Object<string, any>} [traits]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function element(tag, traits = {}, ...children) {
  return fill(document.createElement(tag), traits, children);
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Object<string, any>} [traits]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {SVGElement}
 */
export function drawing(tag, traits = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), traits, children);
}

function fill(node, traits, children) {
  for (const [name, value] of Object.entries(traits)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "test") node.dataset.test = value;
    else if (name === "on") Object.entries(value).forEach(([event, listener]) => node.addEventListener(event, listener));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

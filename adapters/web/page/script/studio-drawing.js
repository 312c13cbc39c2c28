/** A drawing from elsewhere, copied piece by piece: what is not a known shape with known traits is left out. */

const SVG = "http://www.w3.org/2000/svg";
const TRAITS = new Set(["x", "y", "width", "height", "rx", "viewBox", "d", "points", "fill", "stroke", "stroke-width",
  "stroke-dasharray", "font-size", "font-weight", "font-family", "text-anchor", "data-scene"]);
const TAGS = new Set(["svg", "rect", "path", "polygon", "text", "title"]);

/** @param {string} text of an SVG @returns {SVGSVGElement} Throws when it is none. */
export function drawingOf(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.namespaceURI !== SVG || parsed.localName !== "svg") throw new Error("no drawing");
  return /** @type {SVGSVGElement} */ (copied(parsed));
}

function copied(node) {
  const copy = document.createElementNS(SVG, node.localName);
  for (const { name, value } of node.attributes) if (TRAITS.has(name) && !value.includes("url(")) copy.setAttribute(name, value);
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (child.namespaceURI === SVG && TAGS.has(child.localName)) copy.append(copied(child));
  }
  return copy;
}

/** The endings as a row of marks: found ones lit, the rest hollow. */

import { element } from "./element.js";

const MOST = 16; // beyond this a row of marks says less than the sentence beside it

/**
 * @param {import("./words.js").Words} words
 * @param {number} found
 * @param {number} total
 */
export function pips(words, found, total) {
  const marks = Array.from({ length: Math.min(total, MOST) }, (_, index) =>
    element("i", { class: index < found ? "pip found" : "pip" }));
  return element("p", { class: "pips" },
    element("span", { class: "pip-row", "aria-hidden": "true" }, ...marks),
    element("span", { class: "pip-words", text: words.say("endings_found", { found, count: total }) }));
}

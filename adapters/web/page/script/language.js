/** The languages a story speaks, as a menu over the player. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Panel } from "./panel.js";
import { autonym } from "./words.js";

/**
 * @param {import("./words.js").Words} words
 * @param {{languages: string[], language: string}} view
 * @param {(code: string) => void} choose
 * @param {() => void} closed
 */
export function languagePanel(words, view, choose, closed) {
  const rows = view.languages.map((code) => element("li", {}, element("button", {
    type: "button", class: "language-row", lang: code, test: `language-${code}`, "aria-pressed": String(code === view.language),
    on: { click: () => { panel.close(); if (code !== view.language) choose(code); } },
  }, element("span", { text: autonym(code) }), code === view.language && icon("check"))));
  const panel = new Panel(words, { title: words.say("language"), test: "language-panel", kind: "small", closed },
    element("ul", { class: "language-rows" }, ...rows),
    element("p", { class: "hint", text: words.say("language_hint") }));
  return panel;
}

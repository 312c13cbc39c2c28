/** How it ended, and the endings collected so far. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { pips } from "./pips.js";

const KINDS = new Set(["happy", "sad", "bittersweet", "open", "secret"]);

/** @typedef {{rewind: (() => void)|null, map: () => void, again: () => void, back: () => void}} EndingDeeds */

/**
 * The screen after the last clip.
 * @param {import("./words.js").Words} words
 * @param {any} view
 * @param {{scene: string, title: string, kind: string, first_time: boolean}} ending
 * @param {EndingDeeds} deeds
 */
export function endingScreen(words, view, ending, deeds) {
  return curtain(words, "ending", deeds,
    ending.first_time && element("p", { class: "badge", text: words.say("new_ending") }),
    element("p", { class: "kicker", text: kind(words, ending.kind) }),
    element("h2", { class: "ending-title", tabindex: -1, lang: view.language, text: ending.title }),
    pips(words, view.endings.found.length, view.endings.total),
    shareButton(words, view, ending));
}

/**
 * The screen where a story has no way on.
 * @param {import("./words.js").Words} words
 * @param {EndingDeeds} deeds
 */
export function stuckScreen(words, deeds) {
  return curtain(words, "stuck", deeds,
    element("h2", { class: "ending-title", tabindex: -1, text: words.say("stuck_title") }),
    element("p", { class: "hint", text: words.say("stuck_text") }));
}

/**
 * The screen before an episode that must be bought.
 * @param {import("./words.js").Words} words
 * @param {any} view
 * @param {{episode: string, title: string, price: number, total: number}} toll prices in Telegram Stars
 * @param {EndingDeeds} deeds
 */
export function tollScreen(words, view, toll, deeds) {
  return curtain(words, "toll", deeds,
    element("p", { class: "kicker", text: words.say("toll_kicker") }),
    element("h2", { class: "ending-title", tabindex: -1, lang: view.language, text: toll.title }),
    element("p", { class: "badge", text: words.say("toll_price", { count: toll.price }) }),
    element("p", { class: "hint", text: words.say("toll_text", { total: toll.total }) }));
}

/**
 * The collected ones by name, the others as question marks.
 * @param {import("./words.js").Words} words
 * @param {{found: {scene: string, title: string, kind: string}[], total: number}} endings
 * @param {string} language
 */
export function endingsList(words, endings, language) {
  const found = endings.found.map((ending) => element("li", { class: "ending-row found" },
    element("i", { class: "pip found", "aria-hidden": "true" }),
    element("div", {}, element("p", { class: "ending-name", lang: language, text: ending.title }),
      element("p", { class: "hint", text: kind(words, ending.kind) }))));
  const missing = Array.from({ length: Math.max(0, endings.total - found.length) }, () => element("li", { class: "ending-row" },
    element("i", { class: "pip", "aria-hidden": "true" }),
    element("div", {}, element("p", { class: "ending-name", "aria-hidden": "true", text: "?" }),
      element("p", { class: "hint", text: words.say("ending_unknown") }))));
  return element("section", { class: "endings", test: "endings-panel" },
    pips(words, found.length, endings.total), element("ul", {}, ...found, ...missing));
}

function curtain(words, test, deeds, ...head) {
  const button = (name, mark, key, deed, primary) => element("button", {
    type: "button", class: primary ? "primary" : "quiet", test: name, on: { click: deed },
  }, icon(mark), element("span", { text: words.say(key) }));
  return element("section", { class: "curtain", test },
    element("div", { class: "curtain-words" }, ...head),
    element("div", { class: "curtain-buttons" },
      deeds.rewind && button("rewind-last", "rewind", "rewind_last", deeds.rewind, true),
      button("choose-point", "map", "choose_point", deeds.map, false),
      button("again", "again", "play_again", deeds.again, !deeds.rewind),
      button("to-stories", "back", "back", deeds.back, false)));
}

function shareButton(words, view, ending) {
  if (!navigator.share) return null;
  const text = words.say("share_text", { ending: ending.title, title: view.story.title });
  const share = () => navigator.share({ title: view.story.title, text, url: location.origin + location.pathname }).catch(() => {});
  return element("button", { type: "button", class: "quiet share", on: { click: share } }, icon("share"), element("span", { text: words.say("share") }));
}

/** What sort of ending it is, in words. @param {import("./words.js").Words} words @param {string} name */
export function kind(words, name) {
  return words.say(KINDS.has(name) ? `ending_${name}` : "ending_plain");
}

/** What the host may do, as a menu over the player. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Panel } from "./panel.js";

const DEEDS = [["pause", "pause"], ["resume", "play"], ["close", "count"], ["skip", "skip"], ["back", "rewind"], ["stop", "stop"]];

/**
 * @param {import("./words.js").Words} words
 * @param {any} moment
 * @param {(what: string) => void} want
 * @param {() => void} closed
 */
export function hostPanel(words, moment, want, closed) {
  const paused = moment.state === "paused" || moment.state === "meeting";
  const deeds = DEEDS.filter(([what]) => what !== (paused ? "pause" : "resume"));
  const rows = deeds.map(([what, mark]) => element("li", {}, row(words, what, mark, (button) => {
    // The end is for good: it wants a second tap.
    if (what === "stop" && !button.classList.contains("sure")) return ask(words, button);
    panel.close();
    want(what);
  })));
  const panel = new Panel(words, { title: words.say("host"), test: "host-panel", kind: "small", closed }, element("ul", { class: "deeds" }, ...rows));
  return panel;
}

function row(words, what, mark, deed) {
  return element("button", { type: "button", class: "deed", test: `host-${what}`, on: { click: (event) => deed(event.currentTarget) } },
    icon(mark), element("span", { class: "deed-words" },
      element("span", { class: "deed-name", text: words.say(`room_${what}`) }),
      element("span", { class: "hint", text: words.say(`room_${what}_hint`) })));
}

function ask(words, button) {
  button.classList.add("sure");
  button.querySelector(".deed-name").textContent = words.say("room_stop_sure");
}

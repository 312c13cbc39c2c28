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
  const rows = offered(moment.state).map(([what, mark, key]) => element("li", {}, row(words, what, mark, key, (button) => {
    // The end is for good: it wants a second tap.
    if (what === "stop" && !button.classList.contains("sure")) return ask(words, button);
    panel.close();
    want(what);
  })));
  const panel = new Panel(words, { title: words.say("host"), test: "host-panel", kind: "small", closed }, element("ul", { class: "deeds" }, ...rows));
  return panel;
}

/** Where the room waits for the others, nobody votes: there is nothing to pause or to count. */
function offered(state) {
  if (state === "meeting") return [["resume", "play", "room_unwait"], ["stop", "stop"]];
  return DEEDS.filter(([what]) => what !== (state === "paused" ? "pause" : "resume"));
}

function row(words, what, mark, key = `room_${what}`, deed) {
  return element("button", { type: "button", class: "deed", test: `host-${what}`, on: { click: (event) => deed(event.currentTarget) } },
    icon(mark), element("span", { class: "deed-words" },
      element("span", { class: "deed-name", text: words.say(key) }),
      element("span", { class: "hint", text: words.say(`${key}_hint`) })));
}

function ask(words, button) {
  button.classList.add("sure");
  button.querySelector(".deed-name").textContent = words.say("room_stop_sure");
}

/** Watch together: how long a vote takes and what decides it, and then the room opens. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Panel } from "./panel.js";

const SECONDS = [15, 30, 60, 120];
const MODES = ["majority", "ranked", "two-round", "lottery", "unanimous", "host"];

/**
 * @param {import("./words.js").Words} words
 * @param {{title: string}} story
 * @param {(rules: {seconds: number, mode: string, fair: boolean, fork: string}) => Promise<boolean>} begin whether the room is open
 */
export function gatheringPanel(words, story, begin) {
  const submit = element("button", { type: "submit", class: "primary", test: "gather" }, icon("together"), element("span", { text: words.say("room_open") }));
  const form = element("form", {
    class: "gathering", on: {
      submit: async (event) => {
        event.preventDefault();
        const chosen = new FormData(form);
        submit.disabled = true;
        const rules = { seconds: Number(chosen.get("seconds")), mode: chosen.get("mode"), fair: chosen.has("fair"), fork: chosen.get("fork") ?? "never" };
        if (await begin(rules)) panel.close();
        submit.disabled = false;
      },
    },
  },
  element("p", { class: "gathering-story", text: story.title }),
  element("p", { class: "hint", text: words.say("room_about") }),
  fields(words.say("room_seconds"), "pills", SECONDS.map((count) => option("seconds", count, count === 30, words.duration(count)))),
  fields(words.say("room_mode"), "modes", MODES.map((mode, index) => option("mode", mode, index === 0,
    words.say(`room_mode_${mode}`), words.say(`room_mode_${mode}_hint`)))),
  fields(words.say("room_more"), "modes", [
    option("fork", "ask", false, words.say("room_fork"), words.say("room_fork_hint"), "checkbox"),
    option("fair", "yes", false, words.say("room_fair"), words.say("room_fair_hint"), "checkbox"),
  ]),
  submit);
  const panel = new Panel(words, { title: words.say("watch_together"), test: "gather-panel", kind: "gather", closed: () => {} }, form);
  return panel;
}

function fields(title, kind, options) {
  return element("fieldset", { class: kind }, element("legend", { text: title }), ...options);
}

function option(name, value, checked, label, hint = "", type = "radio") {
  return element("label", { class: "option" },
    element("input", { type, name, value, checked, class: "unseen", test: `${name}-${value}` }),
    element("span", { class: "option-name", text: label }), hint && element("span", { class: "hint", text: hint }));
}

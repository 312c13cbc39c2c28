/** Continue on another device: a code to enter there, and a field for one that was made there. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Panel } from "./panel.js";

const EXAMPLE = "ABCD-EFGH";
const LONGEST = 20; // letters, with the dashes and spaces that people write

/**
 * @param {import("./words.js").Words} words
 * @param {import("./api.js").Api} api
 * @param {(story: string) => void} open
 * @param {() => void} closed called unless a story was opened
 */
export function linkingPanel(words, api, open, closed) {
  let leaving = false;
  const leave = (story) => {
    leaving = true;
    panel.close();
    open(story);
  };
  const body = element("div", { class: "linking" });
  const joined = (answer) => body.replaceChildren(done(words, answer, leave, () => panel.close()));
  body.append(
    element("p", { class: "hint", text: words.say("link_text") }),
    giving(words, api),
    taking(words, api, joined));
  const panel = new Panel(words, { title: words.say("link"), test: "link-panel", kind: "link", closed: () => leaving || closed() }, body);
  return panel;
}

/** The code of this viewer, made when it is asked for. */
function giving(words, api) {
  const trouble = troubles();
  const place = element("div", { role: "status" });
  const make = element("button", { type: "button", class: "quiet", test: "make-code", on: { click: async () => {
    make.disabled = true;
    const answer = await attempt(words, trouble, () => api.code());
    make.disabled = false;
    if (!answer) return;
    make.hidden = true;
    place.replaceChildren(code(words, answer));
  } } }, icon("devices"), element("span", { text: words.say("link_make") }));
  return element("section", {},
    element("h3", { text: words.say("link_here") }),
    element("p", { class: "hint", text: words.say("link_here_text") }), make, place, trouble);
}

function code(words, { code, minutes }) {
  const copy = element("button", { type: "button", class: "round", "aria-label": words.say("link_copy"), title: words.say("link_copy"), on: {
    click: () => navigator.clipboard.writeText(code).then(() => {
      copy.replaceChildren(icon("check"));
      copy.setAttribute("aria-label", words.say("link_copied"));
    }, () => {}),
  } }, icon("copy"));
  return element("div", { class: "link-given" },
    element("div", { class: "link-code", role: "group", "aria-label": words.say("link_code") },
      element("output", { class: "link-letters", test: "link-code", text: code }),
      // A page that is not reached over https has no clipboard.
      navigator.clipboard && copy),
    element("p", { class: "hint", text: words.say("link_valid", { count: minutes }) }));
}

/** The code of the other device. */
function taking(words, api, joined) {
  const trouble = troubles();
  const field = element("input", {
    name: "code", test: "enter-code", "aria-label": words.say("link_enter"), placeholder: EXAMPLE, maxlength: LONGEST, required: true,
    autocomplete: "one-time-code", autocapitalize: "characters", autocorrect: "off", spellcheck: "false", enterkeyhint: "go",
  });
  const join = element("button", { type: "submit", class: "primary", test: "join", text: words.say("link_join") });
  const form = element("form", { class: "link-form", on: { submit: async (event) => {
    event.preventDefault();
    join.disabled = true;
    const answer = await attempt(words, trouble, () => api.link(field.value));
    join.disabled = false;
    if (answer) joined(answer);
    else field.select();
  } } }, field, join);
  return element("section", {},
    element("h3", { text: words.say("link_there") }),
    element("p", { class: "hint", text: words.say("link_there_text") }), form, trouble);
}

function done(words, { story, both }, leave, close) {
  const way = story
    ? element("button", { type: "button", class: "primary", test: "go-on", on: { click: () => leave(story.id) } },
      icon("play"), element("span", { text: words.say("continue") }))
    : element("button", { type: "button", class: "primary", test: "go-on", text: words.say("close"), on: { click: close } });
  const head = element("h3", { tabindex: -1, text: words.say("link_done") });
  queueMicrotask(() => head.focus());
  return element("div", { class: "linked", role: "status", test: "linked" }, head,
    element("p", { text: words.say("link_done_text") }),
    story && element("p", { text: words.say("link_done_at", { title: story.title }) }),
    both.length > 0 && element("p", { class: "hint", text: words.say("link_both", { titles: both.join(", ") }) }),
    way);
}

function troubles() {
  return element("p", { class: "link-trouble", role: "alert", test: "link-trouble" });
}

async function attempt(words, trouble, call) {
  trouble.textContent = "";
  try {
    return await call();
  } catch (problem) {
    const key = `error_${problem.code}`;
    trouble.textContent = words.say(words.has(key) ? key : "error_other");
    return null;
  }
}

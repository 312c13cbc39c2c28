/** The choices: two to four buttons under the thumb, or one field to type into. */

import { element } from "./element.js";
import { icon } from "./icons.js";

const SIDE_BY_SIDE = 15; // em halves a label may take to share its row with another
const WIDE = /[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]/u;

/** @typedef {{id: string, label: string, locked: boolean, image: string|null, ask: number|null}} Choice */

export class Choices {
  #words;
  #take;
  #choices = [];
  #taken = false;
  #aloud = element("p", { class: "unseen", "aria-live": "assertive" });
  #buttons = element("div", { class: "choice-buttons", role: "group" });

  /**
   * @param {import("./words.js").Words} words
   * @param {(choice: Choice, text: string|null) => void} take
   */
  constructor(words, take) {
    this.#words = words;
    this.#take = take;
    this.root = element("div", { class: "choices", hidden: true }, this.#aloud, this.#buttons);
  }

  get open() {
    return !this.root.hidden && !this.#taken;
  }

  /** True while the one-field form is up. */
  get asking() {
    return this.#buttons.querySelector("form") !== null;
  }

  /** @param {Choice[]} choices @param {string} language @param {number|null} within seconds */
  show(choices, language, within) {
    this.#choices = choices;
    this.#taken = false;
    this.root.hidden = false;
    this.root.lang = language;
    this.#list();
    const heard = [this.#words.say("choose"), this.#words.say("choices_open", { count: choices.length })];
    if (within) heard.push(this.#words.say("choices_within", { seconds: Math.round(within) }));
    this.#aloud.textContent = heard.join(" ");
  }

  hide() {
    this.root.hidden = true;
    this.#aloud.textContent = "";
    this.#buttons.replaceChildren();
  }

  /** The one lights up, the others fade. @param {string|null} id */
  light(id) {
    this.#taken = true;
    if (this.asking) this.#list();
    for (const button of this.#buttons.querySelectorAll("button")) {
      button.classList.add(button.dataset.test === `choice-${id}` ? "taken" : "passed");
      button.setAttribute("aria-disabled", "true");
    }
  }

  /** Takes the choice with that number, as if its button were pressed. @param {number} number from 1 */
  press(number) {
    const choice = this.#choices[number - 1];
    if (choice && this.open && !this.asking) this.#press(choice);
  }

  /** Moves the focus among the buttons. @param {1|-1} by */
  step(by) {
    const buttons = [...this.#buttons.querySelectorAll("button")];
    if (!this.open || this.asking || !buttons.length) return false;
    const at = buttons.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : buttons.length - 1) : (at + by + buttons.length) % buttons.length;
    buttons[next].focus();
    return true;
  }

  /** Closes the form, if it is up. @returns {boolean} whether it was */
  unask() {
    if (!this.asking) return false;
    this.#list();
    return true;
  }

  #list() {
    const paired = this.#choices.length % 2 === 0 && this.#choices.every((one) => width(one.label) <= SIDE_BY_SIDE && !one.locked);
    this.#buttons.className = paired ? "choice-buttons paired" : "choice-buttons";
    this.#buttons.setAttribute("aria-label", this.#words.say("choose"));
    this.#buttons.replaceChildren(...this.#choices.map((choice, index) => this.#button(choice, index)));
  }

  #button(choice, index) {
    const locked = choice.locked ? ` (${this.#words.say("locked")})` : "";
    return element("button", {
      type: "button", class: choice.locked ? "choice locked" : "choice", test: `choice-${choice.id}`,
      "aria-disabled": choice.locked ? "true" : null, "aria-label": choice.label + locked, "aria-keyshortcuts": String(index + 1),
      on: { click: () => this.#press(choice) },
    },
    choice.image && element("img", { class: "choice-image", src: choice.image, alt: "" }),
    element("kbd", { class: "choice-key", "aria-hidden": "true", text: String(index + 1) }),
    element("span", { class: "choice-label", text: choice.label }),
    choice.locked && icon("lock"),
    choice.ask && icon("pen"));
  }

  #press(choice) {
    if (this.#taken || choice.locked) return;
    if (choice.ask) return this.#ask(choice);
    this.#settle(choice, null);
  }

  #settle(choice, text) {
    this.light(choice.id);
    this.#take(choice, text);
  }

  #ask(choice) {
    const field = element("input", {
      class: "ask-field", type: "text", maxlength: choice.ask, required: true, autocomplete: "off", enterkeyhint: "send",
      "aria-label": this.#words.say("your_answer"), placeholder: this.#words.say("your_answer"), test: "ask-field",
    });
    const form = element("form", {
      class: "ask", on: {
        submit: (event) => {
          event.preventDefault();
          const text = field.value.trim();
          if (!text || this.#taken) return;
          this.#settle(choice, text);
        },
      },
    },
    element("p", { class: "ask-label", text: choice.label }), field,
    element("div", { class: "ask-buttons" },
      element("button", { type: "button", class: "quiet", text: this.#words.say("cancel"), on: { click: () => this.unask() } }),
      element("button", { type: "submit", class: "primary", test: "ask-send", text: this.#words.say("say_it") })));
    this.#buttons.replaceChildren(form);
    field.focus();
  }
}

function width(label) {
  let halves = 0;
  for (const letter of label) halves += WIDE.test(letter) ? 2 : 1;
  return halves;
}

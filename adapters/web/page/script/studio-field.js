/** The field for what can be written: a command, or the text that a test play waits for. */

import { element } from "./element.js";
import { icon } from "./icons.js";

const HINT = "/jump gate, /set trust 2";

export class StudioField {
  #input = element("input", { class: "field-input", type: "text", maxlength: 4000, autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", enterkeyhint: "send", list: "studio-commands", "aria-label": "A command, or a text", test: "field" });
  #known = element("datalist", { id: "studio-commands" });
  #asking = false; #commands = []; #written = []; #at = 0;

  /** @param {(name: string, rest: string) => void} command @param {(text: string) => void} text */
  constructor(command, text) {
    this.root = element("form", { class: "field", on: { submit: (event) => {
      event.preventDefault();
      this.#submit(command, text);
    } } }, this.#input, this.#known,
      element("button", { type: "submit", class: "round field-send", "aria-label": "Enter", test: "field-send" }, icon("send")));
    this.#input.addEventListener("keydown", (event) => this.#recall(event));
    this.ask(false);
  }

  /** @param {string[]} commands */
  know(commands) {
    this.#commands = commands;
    this.#known.replaceChildren(...commands.map((name) => element("option", { value: `/${name} ` })));
  }

  /** Whether the next text is an answer. @param {boolean} asking */
  ask(asking) {
    this.#asking = asking;
    this.root.classList.toggle("asking", asking);
    this.#input.placeholder = asking ? "Write it here" : HINT;
    if (asking) this.#input.focus();
  }

  /** Puts the beginning of a command there. @param {string} text */
  write(text) {
    this.#input.value = text;
    this.#input.focus();
  }

  #submit(command, text) {
    const written = this.#input.value.trim();
    if (!written) return;
    this.#written.push(written);
    this.#at = this.#written.length;
    this.#input.value = "";
    const [, slash, name, rest] = written.match(/^(\/?)([a-z]*)\s*(.*)$/is);
    if (slash || (!this.#asking && this.#commands.includes(name.toLowerCase()))) command(name.toLowerCase() || "studio", rest);
    else text(written);
  }

  /** What was written before comes back with the arrows. */
  #recall(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || (this.#input.value && this.#input.value !== this.#written[this.#at])) return;
    const at = this.#at + by;
    if (at < 0 || at > this.#written.length) return;
    event.preventDefault();
    this.#at = at;
    this.#input.value = this.#written[at] ?? "";
  }
}

/** What is said, at the bottom of the picture and, once each, to screen readers. */

import { element } from "./element.js";

const STACK = 3; // lines kept in sight on a still, where nothing is heard

export class Subtitles {
  #box = element("div", { class: "subtitle-box", test: "subtitle", "aria-hidden": "true" });
  #spoken = element("p", { class: "unseen", "aria-live": "polite" });
  #shown = "";

  constructor() {
    this.root = element("div", { class: "subtitles" }, this.#box, this.#spoken);
    this.wanted = true;
  }

  /** @param {string} language */
  speak(language) {
    this.root.lang = language;
  }

  /**
   * Shows what is said at that second.
   * @param {{name: string, text: string, start: number, end: number}[]} lines
   * @param {number} time
   * @param {boolean} still lines stay and stack up; shown whether wanted or not
   */
  update(lines, time, still) {
    const said = still ? lines.filter((line) => line.start <= time).slice(-STACK)
      : lines.filter((line) => line.start <= time && time < line.end).slice(-2);
    const key = `${still}|${this.wanted}|${said.map((line) => line.start + line.text).join("|")}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#box.classList.toggle("stacked", still);
    this.#box.replaceChildren(...(this.wanted || still ? said.map(row) : []));
    const latest = said.at(-1);
    if (latest) this.#spoken.textContent = latest.name ? `${latest.name}: ${latest.text}` : latest.text;
  }
}

function row(line) {
  return element("p", { class: line.name ? "line" : "line narrated" },
    line.name && element("span", { class: "speaker", text: line.name }),
    element("span", { class: "said", text: line.text }));
}

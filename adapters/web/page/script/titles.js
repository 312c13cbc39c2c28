/** Titles over the picture: the story's at its beginning, an episode's when it begins. */

import { element } from "./element.js";

const STAYS = 2600; // ms, as long as the style's `title` runs

export class Titles {
  root = element("div", { class: "titles", role: "status" });
  #timer = 0;

  /** @param {string} small the line above @param {string} large @param {string} language @param {string} [below] one more line */
  show(small, large, language, below = "") {
    clearTimeout(this.#timer);
    this.root.lang = language;
    this.root.replaceChildren(element("div", { class: "title-card" },
      element("p", { class: "kicker", text: small }), element("p", { class: "title-large", text: large }),
      below && element("p", { class: "title-below", text: below })));
    this.#timer = setTimeout(() => this.clear(), STAYS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.root.replaceChildren();
  }
}

/** How the player's parts lie over each other, and the signs in the middle: paused, waiting, no sound. */

import { element } from "./element.js";
import { icon } from "./icons.js";

const IDLE_AFTER = 3200; // ms without a hand on it

export class Overlay {
  #words;
  #touch;
  #pill;
  #sign = element("div", { class: "sign", "aria-hidden": "true" });
  #spinner = element("div", { class: "spinner", hidden: true, "aria-hidden": "true" });
  #base = element("div", { class: "base" });
  #idle = 0;
  #wake = () => this.#stir();

  /** @param {import("./words.js").Words} words @param {{toggle: () => void, sound: () => void}} deeds */
  constructor(words, deeds) {
    this.#words = words;
    this.#touch = element("button", { type: "button", class: "touch", on: { click: (event) => {
      if (event.detail) event.currentTarget.blur();
      deeds.toggle();
    } } });
    this.#pill = element("button", { type: "button", class: "pill", hidden: true, test: "tap-for-sound", on: { click: deeds.sound } });
    this.root = element("section", { class: "player", test: "scene" });
    this.relabel();
  }

  /** Lays out the parts on the screen. @param {HTMLElement[]} base from the picture's lower part downwards */
  compose(screen, stage, titles, hud, base) {
    this.#base.append(...base);
    const foot = element("div", { class: "foot" }, this.#base);
    this.root.append(stage, this.#touch, titles, this.#sign, this.#spinner, foot, hud, this.#pill);
    screen.replaceChildren(this.root);
    for (const event of ["pointermove", "pointerdown", "keydown"]) addEventListener(event, this.#wake);
    this.#stir();
  }

  /** Where the story is, for whoever reads the page by machine. @param {string} scene @param {number} revision */
  mark(scene, revision) {
    this.root.dataset.scene = scene;
    this.root.dataset.revision = String(revision);
  }

  relabel() {
    this.#touch.setAttribute("aria-label", this.#words.say("clip"));
    this.#pill.replaceChildren(icon("mute"), this.#words.say("tap_for_sound"));
  }

  /** The picture stands, or goes on. @param {boolean} paused */
  pause(paused) {
    const was = this.root.classList.contains("paused");
    this.root.classList.toggle("paused", paused);
    this.#touch.setAttribute("aria-pressed", String(paused));
    if (was !== paused) this.#sign.replaceChildren(element("span", { class: paused ? "sign-mark" : "sign-mark going" }, icon("play")));
  }

  /** @param {boolean} waiting */
  wait(waiting) {
    this.#spinner.hidden = !waiting;
  }

  /** @param {boolean} offered */
  offerSound(offered) {
    this.#pill.hidden = !offered;
  }

  /** @param {HTMLElement|null} curtain what covers the picture at an end */
  curtain(curtain) {
    this.root.classList.toggle("over", curtain !== null);
    if (curtain) this.root.append(curtain);
  }

  close() {
    clearTimeout(this.#idle);
    for (const event of ["pointermove", "pointerdown", "keydown"]) removeEventListener(event, this.#wake);
  }

  #stir() {
    this.root.classList.remove("idle");
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.root.classList.add("idle"), IDLE_AFTER);
  }
}

/** What lies over the picture's upper edge: the way back, the title, and the switches. */

import { element } from "./element.js";
import { icon } from "./icons.js";

const NAMES = ["sound", "subtitles", "language", "map", "chat", "invite", "host"];

/** @typedef {Object<string, (() => void)|null|undefined>} HudDeeds by button: back and any of NAMES; one without a deed is not there */

export class Hud {
  #words;
  #deeds;
  #progress = element("i", { class: "progress-done" });
  #line = element("span", { class: "line-state", hidden: true });
  #title = element("p", { class: "hud-title" });
  #scene = element("p", { class: "hud-scene" });
  #buttons = {};
  #bar = element("div", { class: "hud-bar" });

  /** @param {import("./words.js").Words} words @param {HudDeeds} deeds */
  constructor(words, deeds) {
    this.#words = words;
    this.#deeds = deeds;
    this.root = element("header", { class: "hud" },
      element("div", { class: "progress", "aria-hidden": "true" }, this.#progress), this.#bar);
    this.relabel();
  }

  /** Draws the buttons again, in the language of now. */
  relabel() {
    const focused = document.activeElement?.dataset?.test;
    const names = NAMES.filter((name) => this.#deeds[name]);
    const back = this.#button("back", "back");
    this.#buttons = Object.fromEntries(names.map((name) => [name, this.#button(name, name)]));
    const line = element("div", { role: "status" }, this.#line);
    this.#bar.replaceChildren(back, element("div", { class: "hud-words" }, this.#title, this.#scene), line, ...Object.values(this.#buttons));
    if (focused) this.#bar.querySelector(`[data-test="${focused}"]`)?.focus();
  }

  /** @param {string} story @param {string} scene @param {string} language */
  name(story, scene, language) {
    this.#title.textContent = story;
    this.#scene.textContent = scene;
    this.#bar.querySelector(".hud-words").lang = language;
  }

  /** @param {number} share of the clip that was played, 0..1 */
  progress(share) {
    this.#progress.style.transform = `scaleX(${Math.min(1, Math.max(0, share || 0))})`;
  }

  /** @param {boolean} muted @param {boolean} subtitles @param {boolean} several languages to choose from */
  switches(muted, subtitles, several) {
    const { sound, subtitles: captions, language } = this.#buttons;
    sound.replaceChildren(icon(muted ? "mute" : "sound"));
    sound.setAttribute("aria-label", this.#words.say(muted ? "sound_on" : "sound_off"));
    captions.setAttribute("aria-pressed", String(subtitles));
    if (language) language.hidden = !several;
  }

  /** @param {string} name a button's @param {boolean} offered */
  offer(name, offered) {
    this.#buttons[name].hidden = !offered;
  }

  /** @param {import("./api.js").Line} line how the connection is */
  line(line) {
    this.#line.hidden = line === "ready";
    this.#line.className = `line-state ${line}`;
    this.#line.textContent = line === "ready" ? "" : this.#words.say(line === "offline" ? "offline" : "connecting");
  }

  #button(name, key) {
    const label = this.#words.say(key);
    const shape = name === "sound" ? "sound" : name;
    return element("button", {
      type: "button", class: "round", test: name, "aria-label": label, title: label,
      on: { click: (event) => { if (event.detail) event.currentTarget.blur(); this.#deeds[name](); } },
    }, icon(shape));
  }
}

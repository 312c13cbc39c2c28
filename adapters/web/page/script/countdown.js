/** The time to choose: a bar that shrinks from both ends. */

import { element } from "./element.js";

const LAST_CALL = 3; // seconds
const SPOKEN = new Set([10, 5]); // seconds left that are said aloud

export class Countdown {
  #bar = element("i", { class: "countdown-bar" });
  #aloud = element("span", { class: "unseen", "aria-live": "assertive" });
  #words;
  #whole = 0;
  #left = 0;
  #second = -1;
  #zero = null;

  /** @param {import("./words.js").Words} words */
  constructor(words) {
    this.#words = words;
    this.root = element("div", { class: "countdown", role: "timer", test: "countdown", hidden: true }, this.#bar, this.#aloud);
  }

  get running() {
    return this.#zero !== null;
  }

  /** @param {number} seconds @param {() => void} zero called once, when time is up */
  start(seconds, zero) {
    this.#whole = this.#left = seconds;
    this.#zero = zero;
    this.#second = -1;
    this.root.hidden = false;
    this.root.classList.remove("over");
    this.#draw();
  }

  /** Time went by (pauses are the caller's: it just does not call). @param {number} seconds */
  advance(seconds) {
    if (!this.running) return;
    this.#left = Math.max(0, this.#left - seconds);
    this.#draw();
    if (this.#left > 0) return;
    const zero = this.#zero;
    this.stop();
    zero();
  }

  /** A choice was made: the bar stays where it is and fades. */
  stop() {
    this.#zero = null;
    this.root.classList.add("over");
  }

  hide() {
    this.stop();
    this.root.hidden = true;
  }

  #draw() {
    this.#bar.style.transform = `scaleX(${this.#left / this.#whole})`;
    const second = Math.ceil(this.#left);
    if (second === this.#second) return;
    this.#second = second;
    this.root.classList.toggle("last-call", second <= LAST_CALL);
    this.root.dataset.left = String(second);
    const text = this.#words.say("time_left", { seconds: second });
    this.root.setAttribute("aria-label", `${this.#words.say("time")}: ${text}`);
    this.#aloud.textContent = SPOKEN.has(second) && second < this.#whole ? text : "";
  }
}

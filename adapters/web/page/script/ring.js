/** The time left to vote: a ring that empties, with the seconds in it. */

import { drawing, element } from "./element.js";

const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;
const LAST_CALL = 5; // seconds
const SPOKEN = new Set([30, 10, 5]); // seconds left that are said aloud

export class Ring {
  #words;
  #arc = drawing("circle", { class: "ring-left", cx: 24, cy: 24, r: RADIUS, "stroke-dasharray": AROUND });
  #number = element("span", { class: "ring-number", "aria-hidden": "true" });
  #aloud = element("span", { class: "unseen", "aria-live": "assertive" });
  #second = -1;

  /** @param {import("./words.js").Words} words */
  constructor(words) {
    this.#words = words;
    this.root = element("div", { class: "ring", role: "timer", test: "ring", hidden: true },
      drawing("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" },
        drawing("circle", { class: "ring-whole", cx: 24, cy: 24, r: RADIUS }), this.#arc),
      this.#number, this.#aloud);
  }

  /** @param {number|null} left ms; null where no clock is @param {number} whole ms that a vote lasts */
  show(left, whole) {
    this.root.hidden = left === null;
    if (left === null) return;
    this.#arc.style.strokeDashoffset = String(AROUND * (1 - Math.min(1, left / whole)));
    const second = Math.max(0, Math.ceil(left / 1000));
    if (second === this.#second) return;
    this.#second = second;
    this.root.dataset.left = String(second);
    this.root.classList.toggle("last-call", second <= LAST_CALL);
    this.#number.textContent = short(second);
    const text = this.#words.say("time_left", { seconds: second });
    this.root.setAttribute("aria-label", text);
    this.#aloud.textContent = SPOKEN.has(second) ? text : "";
  }
}

function short(seconds) {
  if (seconds < 100) return String(seconds);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${Math.floor(seconds / 3600)}h`;
}

/** Where a group has split: which way this viewer goes, and the quiet link to the others. */

import { element } from "./element.js";

const ASKED_FOR = 8000; // ms; a screen on the wall has no hand, and stays in its room

export class Crossing {
  #words; #audience; #sides; #go; #answered; #asks = null; #leaves = null; #timer = 0; #label = "";
  #link = element("a", { class: "room-others", test: "others", hidden: true, on: { click: (event) => { event.preventDefault(); this.cross(); } } });

  /**
   * @param {import("./words.js").Words} words
   * @param {import("./audience.js").Audience} audience
   * @param {{sides: import("./sides.js").Sides, go: (path: string) => void}} visit
   * @param {() => void} answered it is settled by time that the viewer stays
   */
  constructor(words, audience, { sides, go }, answered) {
    this.#words = words;
    this.#audience = audience;
    this.#sides = sides;
    this.#go = go;
    this.#answered = answered;
  }

  /** The link to the others, where there are any. */
  get root() {
    return this.#link;
  }

  /** Whether there are two ways, and the viewer is on none yet. @param {any} fork */
  isNew(fork) {
    return Boolean(fork) && !this.#sides.chosen(fork.code);
  }

  /** The group split before this viewer's eyes. @param {any} fork @param {string[]} wanted what they voted for, the dearest first */
  witness(fork, wanted) {
    const mine = wanted.find((id) => id === fork.side.id || id === fork.other.id);
    if (mine === fork.side.id) this.#sides.choose(fork.code);
    else if (mine === fork.other.id) this.#leaves = fork.code;
    else this.#asks = fork.code;
  }

  /** Takes the viewer along, once the verdict was read. @param {any} moment @returns {boolean} whether the page goes elsewhere */
  follow({ fork, over }) {
    const { opposed } = this.#audience;
    if (over || !this.isNew(fork)) return false;
    if (this.#leaves === fork.code || (opposed && this.#asks !== fork.code)) {
      this.cross();
      return true;
    }
    // Who comes later has not seen what they parted on.
    if (this.#asks !== fork.code) this.#sides.choose(fork.code);
    else if (!this.#timer) this.#timer = setTimeout(() => this.stay(fork.code), ASKED_FOR);
    return false;
  }

  /** Whether the viewer is to say which way to go. @param {any} fork */
  asks(fork) {
    return this.isNew(fork) && this.#asks === fork.code;
  }

  /** The viewer goes where this room goes. @param {string} code the other room's */
  stay(code) {
    clearTimeout(this.#timer);
    this.#sides.choose(code);
    this.#answered();
  }

  /** The viewer goes to the others. */
  cross() {
    const { code, moment } = this.#audience;
    if (!moment.fork) return;
    this.#sides.choose(code);
    this.#go(`/room/${moment.fork.code}`);
  }

  /** Shows the link, or takes it away. @param {any} moment */
  show({ fork, over }) {
    const label = fork && !over && !this.isNew(fork) ? fork.other.label : "";
    if (label === this.#label) return;
    this.#label = label;
    this.#link.hidden = !label;
    if (label) this.#link.href = `/room/${fork.code}`;
    this.#link.textContent = label && this.#words.say("room_others", { label });
  }

  close() {
    clearTimeout(this.#timer);
  }
}

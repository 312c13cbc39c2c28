/** A storyboard picture that stands in for a clip and keeps its time. */

import { element } from "./element.js";

const PER_LETTER = 0.062; // about 16 letters a second: easy reading
const PER_CHARACTER = 0.19; // Han, kana, hangul: about 5 a second
const WIDE = /[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]/u;
const BREATH = 0.9;
const EMPTY = 3;

/** How long a text takes to read. @param {string} text @returns {number} seconds */
function readingTime(text) {
  let seconds = BREATH;
  for (const letter of text) seconds += WIDE.test(letter) ? PER_CHARACTER : PER_LETTER;
  return Math.max(1.6, seconds);
}

/** The card's lines, one after another at reading speed. @param {{text: string}[]} lines */
export function paced(lines) {
  let at = 0.4;
  return lines.map((line) => {
    const start = at;
    at += readingTime(line.text);
    return { ...line, start, end: at };
  });
}

export class Still {
  /** @param {{storyboard: string, lines: any[]}} card @param {number} from lines that ended before this second are past */
  constructor(card, from = 0) {
    this.lines = paced(card.lines.filter((line) => !(line.end <= from && from > 0)));
    this.seconds = (this.lines.at(-1)?.end ?? EMPTY) + 0.6;
    this.time = 0;
    this.picture = element("img", { class: "take still", src: card.storyboard, alt: "" });
    this.picture.addEventListener("error", () => this.picture.classList.add("missing"));
  }

  get ended() {
    return this.time >= this.seconds;
  }

  /** @param {number} seconds that went by */
  advance(seconds) {
    this.time = Math.min(this.seconds, this.time + seconds);
  }
}

/** The light the picture throws on the room: a tiny blurred copy behind it. */

import { element } from "./element.js";

const WIDTH = 27;
const HEIGHT = 48;
const EVERY = 500; // ms

export class Ambient {
  #light;
  #last = 0;

  constructor() {
    this.root = element("canvas", { class: "ambient", width: WIDTH, height: HEIGHT, "aria-hidden": "true" });
    this.#light = this.root.getContext("2d", { alpha: false });
  }

  /** @param {CanvasImageSource} picture @param {number} now milliseconds */
  update(picture, now) {
    if (now - this.#last < EVERY || this.root.clientWidth === 0) return;
    this.#last = now;
    this.#light.filter = "blur(2px) saturate(1.25)";
    try {
      this.#light.drawImage(picture, -3, -3, WIDTH + 6, HEIGHT + 6);
    } catch {
      // a picture that is not there yet throws no light
    }
  }
}

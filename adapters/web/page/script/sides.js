/** The two ways of groups that split, as this viewer went them; it lasts from room to room, until the page is left. */

export class Sides {
  #others = new Set();
  #left = new Set();

  /** The viewer is on this side. @param {string} code the room on the other */
  choose(code) {
    this.#others.add(code);
  }

  /** Whether the viewer has a side. @param {string} code the room on the other */
  chosen(code) {
    return this.#others.has(code);
  }

  /** The viewer comes home from a side, where both met. @param {string} code the room that is over now */
  comeFrom(code) {
    this.#left.add(code);
  }

  /** @param {string} code */
  cameFrom(code) {
    return this.#left.has(code);
  }
}

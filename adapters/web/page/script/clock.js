/** The server's clock, as well as it can be known from here: what happens in a room happens by it. */

const TRIES = 3;

export class Clock {
  #ask;
  #ahead = null;
  #round = 0;

  /** @param {() => Promise<number|null>} ask the server's time (Unix ms); null where it did not answer */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Unix ms by the server; by this device until the server was heard. */
  get now() {
    return this.#ahead === null ? Date.now() : performance.now() + this.#ahead;
  }

  /** Asks a few times and believes the quickest answer: it was on its way for the shortest time. */
  async measure() {
    const round = ++this.#round;
    let best = null;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const left = performance.now();
      const told = await this.#ask();
      const took = performance.now() - left;
      if (round !== this.#round) return;
      if (told !== null && (!best || took < best.took)) best = { took, ahead: told + took / 2 - (left + took) };
    }
    if (best) this.#ahead = best.ahead;
  }

  /** The server said this a moment ago, so it is at least that late there. @param {number} told Unix ms */
  heard(told) {
    this.#ahead = Math.max(this.#ahead ?? -Infinity, told - performance.now());
  }
}

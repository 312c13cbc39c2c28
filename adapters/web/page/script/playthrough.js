/** One session as the server knows it: what the viewer does goes up, where the story is comes down. */

import { Refusal } from "./api.js";
import { listen } from "./live.js";

/** @typedef {"opened"|"tap"|"timeout"|"rewind"|"restart"|"language"|"map"|"chat"|"elsewhere"} Cause */

export class Playthrough {
  #api;
  #story;
  #shown;
  #refused;
  #left = new AbortController();
  #deaf = () => {};
  #heard = null;
  #busy = false;
  view = null;

  /**
   * @param {import("./api.js").Api} api
   * @param {string} story
   * @param {(view: any, cause: Cause) => void} shown
   * @param {(refusal: Refusal, cause: Cause) => void} refused
   */
  constructor(api, story, shown, refused) {
    this.#api = api;
    this.#story = story;
    this.#shown = shown;
    this.#refused = refused;
  }

  get busy() {
    return this.#busy;
  }

  /** Begins, or returns to where the viewer was. @param {boolean} anew begin again if it had ended */
  async open(anew) {
    await this.#do("opened", async () => {
      const view = await this.#api.open(this.#story, this.#left.signal);
      return anew && view.cards.at(-1).ending ? this.#restarted(view) : view;
    });
    if (this.view && !this.#left.signal.aborted) this.#listen();
  }

  /** Does one thing; a second one before the answer is not sent. @param {Cause} deed @param {Object<string, any>} [facts] */
  act(deed, facts = {}) {
    const { session, revision } = this.view;
    return this.#do(deed, () => this.#api.act(session, deed, { revision, ...facts }, this.#left.signal));
  }

  /** The story goes on in the chat. @returns {Promise<boolean>} whether there is one; null after a refusal, which was told */
  async toChat() {
    const { session, revision } = this.view;
    try {
      return (await this.#api.act(session, "chat", { revision }, this.#left.signal)).pushed;
    } catch (problem) {
      this.#fail(problem, "chat");
      return null;
    }
  }

  /** @returns {Promise<any>} the map of what was seen; null after a refusal, which was told */
  async map() {
    try {
      return await this.#api.map(this.view.session, this.#left.signal);
    } catch (problem) {
      this.#fail(problem, "map");
      return null;
    }
  }

  leave() {
    this.#left.abort();
    this.#deaf();
  }

  #restarted(view) {
    return this.#api.act(view.session, "restart", { revision: view.revision }, this.#left.signal);
  }

  async #do(cause, ask) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const view = await ask();
      this.#busy = false;
      this.#take(view, cause);
    } catch (problem) {
      this.#busy = false;
      this.#fail(problem, cause);
    }
  }

  #take(view, cause) {
    if (this.#left.signal.aborted) return;
    const moved = view.session !== this.view?.session;
    const spoken = cause === "elsewhere" && onlySpoken(this.view, view);
    this.view = view;
    if (cause === "elsewhere" || !(this.#heard > view.revision)) this.#heard = view.revision;
    if (moved && cause !== "opened") this.#listen();
    this.#shown(view, spoken ? "language" : cause);
    this.#catchUp();
  }

  #fail(problem, cause) {
    if (this.#left.signal.aborted) return;
    if (!(problem instanceof Refusal)) throw problem;
    this.#refused(problem, cause);
    if (problem.code === "unknown_session" && cause !== "opened") this.open(false);
  }

  #listen() {
    this.#deaf();
    this.#heard = null;
    this.#deaf = listen(this.view.session, (revision) => {
      this.#heard = revision;
      this.#catchUp();
    });
  }

  /** Something else moved the session: show where it is now. */
  #catchUp() {
    if (this.#busy || this.#heard === null || this.#heard === this.view.revision) return;
    this.#do("elsewhere", () => this.#api.session(this.view.session, this.#left.signal));
  }
}

/** Whether the place and the way to it are the same and only the language is another. */
function onlySpoken(before, after) {
  return before.language !== after.language && place(before) === place(after);
}

function place({ session, cards, path }) {
  return JSON.stringify([session, cards.at(-1).scene, path.map(({ scene, choice }) => [scene, choice])]);
}

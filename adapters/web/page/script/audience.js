/** A room as the server knows it: what is voted goes up, what all see comes down, and its clock is ours. */

import { Refusal } from "./api.js";
import { Clock } from "./clock.js";
import { stream } from "./live.js";

const BROKEN_FOR = 2500; // ms a line may be broken before the viewer is told

/**
 * @typedef {Object} AudienceListener
 * @property {(scene: any, moment: any) => void} scene a scene is new to this page
 * @property {(moment: any) => void} moment things moved
 * @property {(own: string[]) => void} voted what this viewer wants, by the server
 * @property {(line: import("./api.js").Line) => void} line how the connection is
 * @property {(refusal: Refusal) => void} refused the room cannot be shown
 */
export class Audience {
  #api; #code; #listener; #mark = null; #deaf = () => {}; #left = new AbortController(); #scene = null; #broken = 0;
  link = "";
  local = false;
  opposed = false;
  moment = null;

  /** @param {import("./api.js").Api} api @param {string} code @param {AudienceListener} listener */
  constructor(api, code, listener) {
    this.#api = api;
    this.#code = code;
    this.#listener = listener;
    this.clock = new Clock(() => api.time(this.#left.signal));
    document.addEventListener("visibilitychange", this.#awake);
  }

  get code() {
    return this.#code;
  }

  /** Whether this viewer is the host. */
  get hosts() {
    return this.#mark !== null && this.moment?.host === this.#mark;
  }

  /** Comes in, and hears from then on. */
  async enter() {
    if (!this.#code) return this.#listener.refused(new Refusal("unknown_room", "The address names no room."));
    try {
      const [room] = await Promise.all([this.#api.room(this.#code, this.#left.signal), this.clock.measure()]);
      if (this.#left.signal.aborted) return;
      const { moment, me, link, local, ...scene } = room;
      this.link = link;
      this.local = local;
      this.opposed = me.opposed;
      this.#code = scene.code;
      this.#mark = me.mark;
      this.#take(moment);
      this.#show(scene);
      this.#listener.voted(me.vote ?? []);
      this.#listen();
    } catch (problem) {
      if (this.#left.signal.aborted) return;
      if (!(problem instanceof Refusal)) throw problem;
      this.#listener.refused(problem);
    }
  }

  /** @param {string} choice @returns {Promise<string|null>} the reply; null where the page was left */
  async vote(choice) {
    const { revision } = this.moment;
    const answer = await this.#tell("vote", { revision, choice });
    if (answer?.me && revision === this.moment.revision) this.#listener.voted(answer.me.vote ?? []);
    return answer?.reply ?? null;
  }

  /** @param {string} what the host wants @returns {Promise<string|null>} as `vote` */
  async control(what) {
    return (await this.#tell("control", { revision: this.moment.revision, what }))?.reply ?? null;
  }

  leave() {
    this.#left.abort();
    this.#deaf();
    clearTimeout(this.#broken);
    document.removeEventListener("visibilitychange", this.#awake);
  }

  async #tell(deed, facts) {
    try {
      return await this.#api.inRoom(this.#code, deed, facts, this.#left.signal);
    } catch (problem) {
      if (this.#left.signal.aborted) return null;
      if (!(problem instanceof Refusal)) throw problem;
      return { reply: "failed" };
    }
  }

  #listen() {
    this.#deaf = stream(`/api/rooms/${encodeURIComponent(this.#code)}/events`, {
      scene: (scene) => { this.#scene = scene; },
      moment: (moment) => this.#heard(moment),
    }, (open) => this.#line(open));
  }

  #heard(moment) {
    this.clock.heard(moment.now);
    this.#take(moment);
    if (this.#scene && this.#scene.revision === moment.revision) this.#show(this.#scene);
    this.#scene = null;
    this.#listener.moment(moment);
  }

  #take(moment) {
    this.moment = moment;
  }

  #show(scene) {
    this.#listener.scene(scene, this.moment);
  }

  #line(open) {
    clearTimeout(this.#broken);
    if (open) {
      this.#listener.line("ready");
      this.clock.measure();
    } else {
      this.#broken = setTimeout(() => this.#listener.line("offline"), BROKEN_FOR);
    }
  }

  /** A device that slept has lost its time. */
  #awake = () => { if (!document.hidden) this.clock.measure(); };
}

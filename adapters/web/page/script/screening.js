/** A room's scene in the time of all who watch: every screen shows the same picture, whenever it came in. */

import { Clips } from "./clips.js";
import { Stage } from "./stage.js";
import { Subtitles } from "./subtitles.js";

const APART = 0.5; // seconds out of step that are mended by a jump
const CLOSE = 0.06; // seconds out of step that nobody notices
const STILL = 0.15; // the same for a picture that stands
const HURRY = 0.06; // by how much the picture runs faster or slower to come into step
const FIRST_REST = 1500; // ms between two jumps; a line too slow for jumps gets ever longer rests
const LONGEST_REST = 12000;
const PATIENCE = 0.7; // seconds a picture may stand still before we say so
const LAST_PICTURE = 0.08; // seconds before the end at which who comes late finds a clip that is over

/**
 * @typedef {Object} ScreeningListener
 * @property {(card: any) => void} started a card's first picture is there
 * @property {(time: number, waiting: boolean) => void} moved with every picture: seconds of the scene, negative before it; whether the network keeps us
 * @property {() => void} held the viewer stopped the picture, or let it go on
 * @property {() => void} silenced the browser let it play only without sound
 */
export class Screening {
  #listener; #clock; #clips = new Clips();
  #scene = null; #moment = null; #shown = null; #wanted = null;
  #holds = new Set(); #last = 0; #frame = 0; #waited = 0; #jumped = 0; #rest = FIRST_REST;
  card = null;

  /** @param {import("./clock.js").Clock} clock @param {ScreeningListener} listener */
  constructor(clock, listener) {
    this.#clock = clock;
    this.#listener = listener;
    this.stage = new Stage(this.#clips, { blocked: () => this.#hold("blocked", true), silenced: listener.silenced });
    this.subtitles = new Subtitles();
    this.#frame = requestAnimationFrame(this.#tick);
  }

  /** Seconds since the scene's first picture, as all have it; negative before. */
  get time() {
    if (!this.#moment) return 0;
    const { began, stands } = this.#moment;
    return (stands ?? this.#clock.now - began) / 1000;
  }

  /** Seconds that the scene's clips last. */
  get seconds() {
    const last = this.#scene?.cards.at(-1);
    return last ? last.at + last.seconds : 0;
  }

  /** True while this viewer, or the browser for want of a tap, has stopped the picture; the others go on. */
  get paused() {
    return this.#holds.size > 0;
  }

  /** @param {any} scene @param {any} moment */
  show(scene, moment) {
    this.#scene = scene;
    this.#moment = moment;
    this.#rest = FIRST_REST;
    this.#ahead(0);
  }

  /** The scene goes on, stands, or began at another time. @param {any} moment */
  follow(moment) {
    this.#moment = moment;
  }

  /** This viewer stops, or goes on where the others are. */
  toggle() {
    const paused = this.paused;
    this.#holds.delete("blocked");
    this.#hold("viewer", !paused);
  }

  /** Lets go of everything. */
  close() {
    cancelAnimationFrame(this.#frame);
    this.stage.close();
    this.#clips.clear();
  }

  #hold(reason, on) {
    if (on) this.#holds.add(reason);
    else this.#holds.delete(reason);
    this.#listener.held();
  }

  #tick = (now) => {
    this.#frame = requestAnimationFrame(this.#tick);
    const seconds = Math.max(0, (now - this.#last) / 1000);
    this.#last = now;
    if (!this.#scene) return;
    const { stage } = this;
    this.#follow(now);
    this.#waited = stage.stalled && !this.paused ? this.#waited + seconds : 0;
    this.#listener.moved(this.time, this.#waited > PATIENCE);
    if (!this.card || stage.loading) return;
    stage.advance(seconds, now);
    this.subtitles.update(stage.lines, stage.time, stage.isStill);
  };

  #follow(now) {
    const time = this.time;
    const index = Math.max(0, this.#scene.cards.findLastIndex((card) => card.at <= time));
    const wanted = `${this.#scene.revision} ${index}`;
    const standing = this.paused || this.#moment.stands !== null || time < 0;
    if (standing) this.stage.pause();
    // The last picture stays while it is told how the vote went.
    if (time < 0 && this.#shown && this.#scene.decided && this.#shown !== wanted) return;
    if (wanted !== this.#wanted) this.#cut(index, wanted);
    if (this.#shown !== wanted || this.stage.loading || this.paused) return;
    if (!standing && this.stage.paused) this.stage.resume();
    this.#fallIn(time - this.card.at, now);
  }

  async #cut(index, wanted) {
    this.#wanted = wanted;
    const card = this.#scene.cards[index];
    const language = this.#scene.language;
    const there = await this.stage.show(card, this.#within(card, this.time - card.at));
    if (!there) return;
    this.#shown = wanted;
    this.card = card;
    this.subtitles.speak(language);
    this.#ahead(index);
    this.#listener.started(card);
  }

  /** Comes into step with the others: by a jump where we are far off, else by running a little faster or slower. */
  #fallIn(time, now) {
    const { stage } = this;
    if (stage.seeking || stage.stalled) return;
    const off = Math.min(Math.max(time, 0), stage.seconds) - stage.time;
    if (Math.abs(off) > (stage.paused ? STILL : APART)) {
      if (now - this.#jumped < this.#rest) return;
      this.#jumped = now;
      this.#rest = Math.min(LONGEST_REST, this.#rest * 1.5);
      stage.seek(this.#within({ clip: { seconds: stage.seconds } }, time));
    } else if (!stage.paused) {
      stage.pace(Math.abs(off) > CLOSE ? 1 + Math.sign(off) * HURRY : 1);
    }
  }

  #within(card, time) {
    const seconds = card.clip?.seconds;
    return Math.max(0, seconds ? Math.min(time, seconds - LAST_PICTURE) : time);
  }

  /** The rest of the chain and every branch behind it come in while this card plays. */
  #ahead(index) {
    const rest = this.#scene.cards.slice(index);
    const coming = [...rest.slice(this.#shown ? 0 : 1).map((card) => card.clip?.src), ...rest.flatMap((card) => card.next ?? [])];
    this.#clips.want(coming.filter(Boolean), this.card?.clip?.src);
  }
}

/** A view's cards in time: one clip after another, the choices when they are due, the end when it is reached. */

import { Choices } from "./choices.js";
import { Clips } from "./clips.js";
import { Countdown } from "./countdown.js";
import { Stage } from "./stage.js";
import { Subtitles } from "./subtitles.js";

const OPEN_EARLY = 3; // seconds before the end that choices without a deadline open
const LONGEST_TICK = 1; // seconds; a machine that slept has not watched
const PATIENCE = 0.7; // seconds a picture may stand still before we say so

/**
 * @typedef {Object} ReelListener
 * @property {(card: any) => void} started a card's first picture is there
 * @property {(card: any) => void} ended the last card has neither choices nor clip left
 * @property {(choice: any, text: string|null) => void} chosen
 * @property {() => void} timedOut
 * @property {(share: number, waiting: boolean) => void} moved with every picture: share played, whether the network keeps us
 * @property {() => void} held something began or stopped to hold the time
 * @property {() => void} silenced the browser let it play only without sound
 */
export class Reel {
  #listener; #clips = new Clips(); #countdown; #choices;
  #queue = []; #coming = null; #opened = false; #over = false; #view = null;
  #holds = new Set(); #last = 0; #frame = 0; #waited = 0;
  card = null;

  /** @param {import("./words.js").Words} words @param {ReelListener} listener */
  constructor(words, listener) {
    this.#listener = listener;
    this.stage = new Stage(this.#clips, { blocked: () => this.hold("blocked"), silenced: listener.silenced });
    this.subtitles = new Subtitles();
    this.#countdown = new Countdown(words);
    this.#choices = new Choices(words, (choice, text) => this.#chosen(choice, text));
    this.foot = [this.subtitles.root, this.#countdown.root, this.#choices.root];
    document.addEventListener("visibilitychange", this.#visibility);
    this.#visibility();
    this.#frame = requestAnimationFrame(this.#tick);
  }

  get choices() {
    return this.#choices;
  }

  /** True while the viewer, or the browser for want of a tap, has stopped the picture. */
  get paused() {
    return this.#holds.has("viewer") || this.#holds.has("blocked");
  }

  /** @param {any} view @returns {boolean} whether its place is where we are, or are going */
  isAt(view) {
    const scene = view.cards.at(-1).scene;
    return (this.#queue.at(-1) ?? this.#coming ?? this.card)?.scene === scene;
  }

  /** Plays the view's cards from the first. @param {any} view */
  play(view) {
    this.#view = view;
    this.#queue = [...view.cards];
    this.#holds.delete("viewer");
    this.#next();
  }

  /** The same place in other words, or after a tap that changed nothing: the picture and the time go on. @param {any} view */
  relabel(view) {
    const card = view.cards.at(-1);
    this.#view = view;
    if (this.#queue.length) {
      this.#queue[this.#queue.length - 1] = card;
      return;
    }
    if (this.#coming) {
      this.#coming = card;
      return;
    }
    const before = this.card;
    this.card = card;
    this.subtitles.speak(view.language);
    if (clipOf(before) !== clipOf(card)) this.stage.show(card, this.stage.time);
    else this.stage.relabel(card);
    if (this.#over) this.#listener.ended(card);
    else this.reopen();
  }

  /** The choices are offered again, if they were; the time that runs keeps running. */
  reopen() {
    if (this.#opened) this.#offer(this.#countdown.running);
  }

  /** Time stands still while anything holds it. @param {"viewer"|"blocked"|"panel"|"chat"|"hidden"} reason @param {boolean} [on] */
  hold(reason, on = true) {
    if (on) this.#holds.add(reason);
    else this.#holds.delete(reason);
    this.#settle();
  }

  /** Stops, or goes on. */
  toggle() {
    if (this.#over) return;
    const paused = this.paused;
    this.#holds.delete("blocked");
    this.hold("viewer", !paused);
  }

  /** Lets go of everything. */
  close() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("visibilitychange", this.#visibility);
    this.stage.close();
    this.#clips.clear();
  }

  async #next() {
    const card = this.#queue.shift();
    this.#coming = card;
    const going = this.stage.show(card);
    if (!(await going)) return;
    this.#ahead(card);
    this.card = this.#coming;
    this.#coming = null;
    this.#opened = this.#over = false;
    this.#choices.hide();
    this.#countdown.hide();
    this.subtitles.speak(this.#view.language);
    this.#settle();
    this.#listener.started(this.card);
  }

  /** This clip plays; the rest of the chain and every branch behind it come in. */
  #ahead(card) {
    const coming = [...this.#queue.map((one) => one.clip?.src), ...[card, ...this.#queue].flatMap((one) => one.next ?? [])];
    this.#clips.want(coming.filter(Boolean), card.clip?.src);
  }

  #tick = (now) => {
    this.#frame = requestAnimationFrame(this.#tick);
    const seconds = Math.min(LONGEST_TICK, Math.max(0, (now - this.#last) / 1000));
    this.#last = now;
    const { stage } = this;
    this.#waited = stage.stalled && !this.#holds.size ? this.#waited + seconds : 0;
    this.#listener.moved(stage.time / stage.seconds, this.#waited > PATIENCE);
    if (!this.card || stage.loading) return;
    stage.advance(seconds, now);
    this.subtitles.update(this.#over ? [] : stage.lines, stage.time, stage.isStill);
    if (this.#holds.size) return;
    if (!this.#choices.asking && !stage.stalled) this.#countdown.advance(seconds);
    this.#follow();
  };

  /** What is due at this moment of the clip. */
  #follow() {
    const { ended, time, seconds } = this.stage;
    if (this.#queue.length) {
      if (ended) this.#next();
      return;
    }
    const early = this.card.within ?? OPEN_EARLY;
    const due = ended || seconds <= early || time >= seconds - early;
    if (this.card.choices.length && !this.#opened && due) this.#offer(false);
    if (!ended || this.#over || !(this.card.ending || this.card.stuck || this.card.toll)) return;
    this.#over = true;
    this.#listener.ended(this.card);
  }

  #offer(keepTime) {
    this.#opened = true;
    this.#choices.show(this.card.choices, this.#view.language, this.card.within);
    if (this.card.within && !keepTime) this.#countdown.start(this.card.within, () => this.#timedOut());
  }

  #chosen(choice, text) {
    this.#countdown.stop();
    this.hold("viewer", false);
    this.#listener.chosen(choice, text);
  }

  #timedOut() {
    this.#choices.light(this.card.default);
    this.#listener.timedOut();
  }

  #visibility = () => this.hold("hidden", document.hidden);

  #settle() {
    if (this.#holds.size) this.stage.pause();
    else if (this.stage.paused) this.stage.resume();
    this.#listener.held();
  }
}

/** A link may be signed anew; its path still names the same clip. */
function clipOf(card) {
  return card.clip?.src.split("?")[0] ?? null;
}

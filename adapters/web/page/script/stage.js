/** Two videos on top of each other: one plays, the next one waits, and the cut has no black frame. */

import { Ambient } from "./ambient.js";
import { element } from "./element.js";
import { Still } from "./still.js";
import { written } from "./written.js";

const PATIENCE = 10000; // ms without a first frame before the storyboard takes over

/**
 * Shows one card's clip, or its storyboard. Times are in seconds of what is shown.
 * @typedef {{blocked: () => void, silenced: () => void}} StageListener
 *   blocked: the browser wants a gesture; silenced: it plays, but muted
 */
export class Stage {
  #videos = [video(), video()];
  #still = null;
  #live = 0;
  #take = 0;
  #listener;
  #clips;
  #ambient = new Ambient();

  /** @param {import("./clips.js").Clips} clips @param {StageListener} listener */
  constructor(clips, listener) {
    this.#clips = clips;
    this.#listener = listener;
    this.paused = false;
    this.muted = false;
    this.loading = false;
    this.frame = element("div", { class: "frame" }, ...this.#videos);
    this.root = element("div", { class: "stage" }, this.#ambient.root, this.frame);
  }

  get time() {
    return this.#still ? this.#still.time : this.#video.currentTime;
  }

  get seconds() {
    if (this.#still) return this.#still.seconds;
    return Number.isFinite(this.#video.duration) ? this.#video.duration : this.#promised;
  }

  get ended() {
    return this.#still ? this.#still.ended : this.#video.ended;
  }

  /** True while the network keeps the picture from moving. */
  get stalled() {
    return this.loading || (!this.#still && !this.ended && !this.paused && this.#video.readyState < 3 && !this.#video.seeking);
  }

  /** The lines with the times that hold for what is shown. */
  get lines() {
    if (this.#still) return this.#still.lines;
    return this.#written.lines ?? this.#card.lines;
  }

  get isStill() {
    return this.#still !== null;
  }

  get #video() {
    return this.#videos[this.#live];
  }

  #card = { lines: [] };
  #promised = 0;
  #written = { lines: null };

  /** Browsers let a video sound only if it was touched in a gesture: called in one. */
  prime() {
    for (const one of this.#videos) if (!one.src) one.load();
  }

  /** Cuts to the card; resolves when its first picture is there. @param {any} card @param {number} at second to begin at */
  async show(card, at = 0) {
    const take = ++this.#take;
    this.loading = true;
    const ready = card.clip ? await this.#prepare(card.clip, at) : false;
    if (take !== this.#take) return false;
    this.#card = card;
    this.#promised = card.clip?.seconds ?? 0;
    this.loading = false;
    if (ready) this.#cut();
    this.#written = written(this.#video, card.subtitles);
    if (!ready) await this.#stand(card, 0);
    return take === this.#take;
  }

  /** The card's texts changed, its picture goes on. @param {any} card */
  relabel(card) {
    const still = this.#still;
    this.#card = card;
    if (!still) {
      this.#written = written(this.#video, card.subtitles);
      return;
    }
    const share = still.time / still.seconds;
    still.lines = new Still(card).lines;
    still.seconds = (still.lines.at(-1)?.end ?? still.seconds - 0.6) + 0.6;
    still.time = still.seconds * share;
  }

  /** Time goes by; the light in the room follows. @param {number} seconds @param {number} now milliseconds */
  advance(seconds, now) {
    if (this.#still && !this.paused) this.#still.advance(seconds);
    this.#ambient.update(this.#still?.picture ?? this.#video, now);
  }

  /** True while a jump is on its way. */
  get seeking() {
    return !this.#still && this.#video.seeking;
  }

  /** Jumps there. @param {number} seconds */
  seek(seconds) {
    if (this.#still) {
      this.#still.time = Math.min(seconds, this.#still.seconds);
      return;
    }
    this.#video.currentTime = seconds;
    if (!this.paused) this.#play(this.#video);
  }

  /** Plays a little faster or slower, to fall into step with others. @param {number} rate 1 is as it was made */
  pace(rate) {
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }

  pause() {
    this.paused = true;
    this.#video.pause();
  }

  resume() {
    this.paused = false;
    if (!this.#still && !this.#video.ended) this.#play(this.#video);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    for (const one of this.#videos) one.muted = muted;
  }

  /** Lets go of everything. */
  close() {
    this.#take += 1;
    for (const one of this.#videos) release(one);
  }

  #prepare(clip, at) {
    const next = this.#videos[1 - this.#live];
    release(next);
    next.muted = this.muted;
    return new Promise((resolve) => {
      const settle = (ready) => {
        clearTimeout(timer);
        next.onloadeddata = next.onerror = null;
        resolve(ready);
      };
      const timer = setTimeout(() => settle(false), PATIENCE);
      next.onloadeddata = () => settle(true);
      next.onerror = () => settle(false);
      next.src = this.#clips.at(clip.src);
      if (at > 0) next.currentTime = at;
    });
  }

  #cut() {
    const last = this.#video;
    this.#live = 1 - this.#live;
    const next = this.#video;
    next.onerror = () => this.#stand(this.#card, next.currentTime);
    next.classList.add("live");
    last.classList.remove("live");
    last.pause();
    this.#unstand();
    if (!this.paused) this.#play(next);
  }

  /** Puts the storyboard up: the story goes on without its clip. */
  async #stand(card, from) {
    const still = new Still(card, from);
    await still.picture.decode().catch(() => {});
    this.#unstand();
    this.#still = still;
    this.#video.pause();
    this.frame.append(still.picture);
  }

  #unstand() {
    this.#still?.picture.remove();
    this.#still = null;
  }

  async #play(one) {
    try {
      await one.play();
    } catch (problem) {
      if (problem.name !== "NotAllowedError") return;
      if (one.muted) return this.#listener.blocked();
      this.mute(true);
      this.#listener.silenced();
      await this.#play(one);
    }
  }
}

function video() {
  return element("video", {
    class: "take", playsinline: true, preload: "auto", disablepictureinpicture: true, "aria-hidden": "true", tabindex: -1,
  });
}

function release(one) {
  one.onerror = null;
  one.pause();
  one.removeAttribute("src");
  one.load();
}

/** The player: what the server says is played, what the viewer does is sent. */

import { endingScreen, stuckScreen, tollScreen } from "./endings.js";
import { Hud } from "./hud.js";
import { keys } from "./keys.js";
import { languagePanel } from "./language.js";
import { mapPanel } from "./map.js";
import { recall, remember } from "./memory.js";
import { Overlay } from "./overlay.js";
import { Playthrough } from "./playthrough.js";
import { Reel } from "./reel.js";
import { Titles } from "./titles.js";
import { toast } from "./toast.js";

export class Player {
  #words; #leave; #telegram; #through; #reel; #hud; #overlay; #titles = new Titles(); #unkey;
  #revision = null; #episode = null; #curtain = null; #panel = null;

  /**
   * @param {HTMLElement} screen
   * @param {import("./api.js").Api} api
   * @param {import("./words.js").Words} words
   * @param {{story: string, anew: boolean, leave: () => void, telegram: import("./telegram.js").MiniApp|null}} visit
   */
  constructor(screen, api, words, { story, anew, leave, telegram }) {
    this.#words = words;
    this.#leave = leave;
    this.#telegram = telegram;
    this.#through = new Playthrough(api, story, (view, cause) => this.#shown(view, cause), (no, cause) => this.#refused(no, cause));
    this.#build(screen);
    this.#unkey = keys(this.#keyboard());
    this.#through.open(anew);
  }

  /** @param {import("./api.js").Line} line how the connection is */
  line(line) {
    this.#hud.line(line);
  }

  /** Takes everything down. */
  close() {
    this.#unkey();
    this.#through.leave();
    this.#panel?.close();
    this.#overlay.close();
    this.#reel.close();
    this.#titles.clear();
  }

  #build(screen) {
    this.#overlay = new Overlay(this.#words, { toggle: () => this.#reel.toggle(), sound: () => this.#sound() });
    this.#hud = new Hud(this.#words, {
      back: this.#leave, sound: () => this.#sound(), subtitles: () => this.#caption(), language: () => this.#languages(), map: () => this.#map(),
      chat: this.#telegram && (() => this.#chat()),
    });
    this.#reel = new Reel(this.#words, {
      started: (card) => this.#started(card),
      ended: (card) => this.#ended(card),
      chosen: (choice, text) => this.#through.act("tap", text === null ? { choice: choice.id } : { choice: choice.id, text }),
      timedOut: () => this.#through.act("timeout"),
      moved: (share, waiting) => { this.#hud.progress(share); this.#overlay.wait(waiting); },
      held: () => this.#reel && this.#overlay.pause(this.#reel.paused),
      silenced: () => { this.#overlay.offerSound(true); this.#switches(); },
    });
    this.#reel.stage.mute(recall("muted") === "yes");
    this.#reel.stage.prime();
    this.#reel.subtitles.wanted = recall("subtitles", "yes") === "yes";
    this.#overlay.compose(screen, this.#reel.stage.root, this.#titles.root, this.#hud.root, this.#reel.foot);
    this.#switches();
  }

  #keyboard() {
    const { choices } = this.#reel;
    const digits = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [String(number), () => choices.press(number)]);
    const step = (by) => () => !this.#curtain && choices.step(by);
    return {
      ...Object.fromEntries(digits),
      " ": () => this.#reel.toggle(), m: () => this.#map(), l: () => this.#languages(), s: () => this.#caption(),
      Escape: () => { if (!choices.unask()) this.#leave(); },
      ArrowDown: step(1), ArrowRight: step(1), ArrowUp: step(-1), ArrowLeft: step(-1),
    };
  }

  /* what the server said */

  #shown(view, cause) {
    const same = this.#reel.isAt(view) && (cause === "language" || view.revision === this.#revision);
    this.#revision = view.revision;
    this.#telegram?.follow(view, cause);
    if (view.notice) toast(this.#words.say(`notice_${view.notice}`));
    else if (cause === "elsewhere" && !same) toast(this.#words.say("notice_elsewhere"));
    if (cause === "language") this.#speak(view.language);
    if (!same) {
      this.#titles.clear();
      return this.#reel.play(view);
    }
    this.#reel.relabel(view);
    if (this.#reel.card) this.#name(this.#reel.card);
  }

  #refused(refusal, cause) {
    const key = `error_${refusal.code}`;
    toast(this.#words.say(this.#words.has(key) ? key : "error_other"));
    if (cause === "opened") this.#leave();
    else this.#reel.reopen();
  }

  #speak(language) {
    if (!this.#words.choose(language)) return;
    this.#hud.relabel();
    this.#overlay.relabel();
  }

  /* what the reel came to */

  #started(card) {
    this.#draw(null);
    this.#name(card);
    this.#announce(card.episode ?? this.#through.view.story.episode);
  }

  #name(card) {
    const { story, language } = this.#through.view;
    this.#overlay.mark(card.scene, this.#revision);
    this.#hud.name(story.title, card.title, language);
    this.#switches();
  }

  /** The title of the story at its beginning, of an episode when another one begins. */
  #announce({ id, title, number, of }) {
    const { story, language, revision, notice } = this.#through.view;
    const before = this.#episode;
    this.#episode = id;
    if (before === id) return;
    const numbered = this.#words.say("episode", { number });
    if (before) this.#titles.show(numbered, title, language);
    else if (revision === 0 && !notice) this.#titles.show(of > 1 ? `${numbered} · ${title}` : "Cliffhanger", story.title, language);
  }

  #ended(card) {
    const { path } = this.#through.view;
    const deeds = {
      rewind: path.length ? () => this.#act("rewind", { to: path.at(-1).index }) : null,
      map: () => this.#map(), again: () => this.#act("restart"), back: this.#leave,
    };
    this.#titles.clear();
    this.#draw(this.#last(card, deeds));
    this.#curtain.querySelector("h2").focus({ preventScroll: true });
  }

  #last(card, deeds) {
    const { view } = this.#through;
    if (card.toll) return tollScreen(this.#words, view, card.toll, deeds);
    return card.ending ? endingScreen(this.#words, view, card.ending, deeds) : stuckScreen(this.#words, deeds);
  }

  #draw(curtain) {
    this.#curtain?.remove();
    this.#curtain = curtain;
    this.#overlay.curtain(curtain);
  }

  /* what the viewer does */

  #act(deed, facts) {
    if (deed === "restart") this.#episode = null;
    if (!this.#through.busy) this.#through.act(deed, facts);
  }

  #sound() {
    this.#reel.stage.mute(!this.#reel.stage.muted);
    remember("muted", this.#reel.stage.muted ? "yes" : "no");
    this.#overlay.offerSound(false);
    this.#switches();
  }

  #caption() {
    this.#reel.subtitles.wanted = !this.#reel.subtitles.wanted;
    remember("subtitles", this.#reel.subtitles.wanted ? "yes" : "no");
    this.#switches();
  }

  #switches() {
    this.#hud.switches(this.#reel.stage.muted, this.#reel.subtitles.wanted, (this.#through.view?.languages.length ?? 1) > 1);
  }

  #languages() {
    if (!this.#reel.card || this.#panel || this.#through.view.languages.length < 2) return;
    const choose = (language) => this.#act("language", { language });
    this.#lift(languagePanel(this.#words, this.#through.view, choose, () => this.#lower()));
  }

  async #map() {
    if (!this.#reel.card || this.#panel) return;
    this.#reel.hold("panel");
    const map = await this.#through.map();
    if (this.#panel) return;
    if (!map) this.#reel.hold("panel", false);
    else this.#lift(mapPanel(this.#words, this.#through.view, map, (to) => this.#act("rewind", { to }), () => this.#lower()));
  }

  async #chat() {
    if (!this.#reel.card || this.#through.busy) return;
    this.#reel.hold("chat");
    const pushed = await this.#through.toChat();
    if (pushed && this.#telegram.close()) return;
    this.#reel.hold("chat", false);
    if (pushed !== null) toast(this.#words.say(pushed ? "chat_waits" : "chat_none"));
  }

  #lift(panel) {
    this.#panel = panel;
    this.#reel.hold("panel");
    panel.show(this.#overlay.root);
  }

  #lower() {
    this.#panel = null;
    this.#reel.hold("panel", false);
  }
}

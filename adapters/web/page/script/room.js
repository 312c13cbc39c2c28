/** A watch-along: the player for many, where what is voted is what happens. */

import { Audience } from "./audience.js";
import { Ballot } from "./ballot.js";
import { element } from "./element.js";
import { hostPanel } from "./hosting.js";
import { Hud } from "./hud.js";
import { icon } from "./icons.js";
import { invitation, invitationPanel } from "./invitation.js";
import { keys } from "./keys.js";
import { recall, remember } from "./memory.js";
import { Overlay } from "./overlay.js";
import { Cover } from "./room-cover.js";
import { Crossing } from "./room-crossing.js";
import { Screening } from "./screening.js";
import { Titles } from "./titles.js";
import { toast } from "./toast.js";

const OPEN_EARLY = 3; // seconds before the end of the clips that the vote comes up by itself
const VERDICT_STAYS = 2600; // ms at most, also where the next scene waits
const QUIET = new Set(["counted", "changed", "same", "done"]);

export class Room {
  #words; #visit; #audience; #screening; #ballot; #hud; #overlay; #titles = new Titles(); #unkey;
  #scene = null; #panel = null; #cover; #early = false; #own = []; #titled = false; #crossing; #decided = 0;
  #cast = null; #offline = false; #delayed = false;
  #note = element("p", { class: "room-note", role: "status", hidden: true });
  #now = element("button", { type: "button", class: "vote-now", test: "vote-now", hidden: true, on: { click: () => this.#voteEarly() } });
  #side = element("aside", { class: "room-side" });

  /**
   * @param {HTMLElement} screen
   * @param {import("./api.js").Api} api
   * @param {import("./words.js").Words} words
   * @param {{code: string, leave: () => void, gather: (story: any) => void, go: (path: string) => void, sides: import("./sides.js").Sides}} visit
   */
  constructor(screen, api, words, visit) {
    this.#words = words;
    this.#visit = visit;
    this.#audience = new Audience(api, visit.code, {
      scene: (scene, moment) => this.#shown(scene, moment),
      moment: (moment) => this.#moved(moment),
      voted: (own) => { this.#own = own; this.#ballot.mark(own); },
      line: (line) => this.line(line),
      refused: () => this.#refused(),
    });
    this.#build(screen);
    this.#unkey = keys(this.#keyboard());
    this.#audience.enter();
  }

  /** @param {import("./api.js").Line} line how the connection is */
  line(line) {
    this.#hud.line(line);
    this.#offline = line === "offline";
    this.#delay();
  }

  /** Takes everything down. */
  close() {
    this.#unkey();
    this.#audience.leave();
    this.#crossing.close();
    this.#panel?.close();
    this.#overlay.close();
    this.#screening.close();
    this.#titles.clear();
  }

  #build(screen) {
    this.#overlay = new Overlay(this.#words, { toggle: () => this.#screening.toggle(), sound: () => this.#sound() });
    this.#hud = new Hud(this.#words, {
      back: this.#visit.leave, sound: () => this.#sound(), subtitles: () => this.#caption(), invite: () => this.#invite(), host: () => this.#host(),
    });
    this.#ballot = new Ballot(this.#words, (choice) => this.#vote(choice));
    this.#screening = new Screening(this.#audience.clock, {
      started: (card) => this.#started(card),
      moved: (time, waiting) => this.#tick(time, waiting),
      held: () => this.#overlay.pause(this.#screening.paused),
      silenced: () => { this.#overlay.offerSound(true); this.#switches(); },
    });
    this.#screening.stage.mute(recall("muted") === "yes");
    this.#screening.stage.prime();
    this.#screening.subtitles.wanted = recall("subtitles", "yes") === "yes";
    this.#overlay.root.classList.add("room");
    this.#crossing = new Crossing(this.#words, this.#audience, this.#visit, () => this.#moved(this.#audience.moment));
    const deeds = { ...this.#visit, crossing: this.#crossing, want: (what) => this.#want(what) };
    this.#cover = new Cover(this.#words, this.#overlay, this.#audience, this.#screening, deeds);
    this.#overlay.compose(screen, this.#screening.stage.root, this.#titles.root, this.#hud.root,
      [this.#screening.subtitles.root, this.#now, this.#ballot.root]);
    this.#overlay.root.append(this.#side, this.#note, this.#crossing.root);
    this.#overlay.root.tabIndex = -1;
    this.#hud.offer("host", false);
    this.#switches();
  }

  #keyboard() {
    const digits = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [String(number), () => this.#ballot.press(number)]);
    const step = (by) => () => !this.#cover.up && this.#ballot.step(by);
    return {
      ...Object.fromEntries(digits),
      " ": () => this.#screening.toggle(), s: () => this.#caption(), i: () => this.#invite(), h: () => this.#host(), v: () => this.#voteEarly(),
      Escape: () => this.#visit.leave(),
      ArrowDown: step(1), ArrowRight: step(1), ArrowUp: step(-1), ArrowLeft: step(-1),
    };
  }

  /* what the server said */

  #shown(scene, moment) {
    const before = this.#scene;
    const anew = before?.revision !== scene.revision;
    this.#scene = scene;
    this.#screening.show(scene, moment);
    if (!before) this.#side.replaceChildren(invitation(this.#words, this.#audience));
    if (anew && before) this.#turn(scene, before, moment.fork);
    this.#moved(moment);
  }

  /** The vote is decided: what was wanted lights up, and is said while the next scene comes. */
  #turn(scene, before, fork) {
    const split = this.#crossing.isNew(fork) && scene.revision === before.revision + 1 && scene.decided ? fork : null;
    if (split) this.#crossing.witness(split, this.#own);
    this.#early = false;
    this.#own = [];
    this.#cast = null;
    this.#delayed = false;
    if (!scene.decided || this.#screening.time >= 0) {
      this.#ballot.hide();
    } else {
      this.#ballot.light(split ? [split.side.id, split.other.id] : [scene.decided.choice]);
      this.#overlay.root.classList.add("deciding");
      this.#decided = performance.now();
      if (split) this.#titles.show("", this.#words.say("room_both"), this.#words.language);
      else this.#announce(scene.decided);
    }
    this.#ballot.mark([]);
  }

  #announce({ why, percent, voters, label }) {
    const words = this.#words;
    const kicker = words.say(`room_why_${(why ?? "fork").replace("-", "_")}`, { percent });
    const votes = words.say("room_votes", { count: voters });
    const below = why === "most" ? votes : voters ? words.say("room_share", { percent, votes }) : "";
    this.#titles.show(kicker, label, this.#scene.language, below);
  }

  #moved(moment) {
    if (!this.#scene || moment.revision !== this.#scene.revision) return;
    if (!this.#deciding && this.#leads(moment)) return;
    this.#screening.follow(moment);
    this.#ballot.update(moment);
    this.#hud.offer("host", this.#audience.hosts && !moment.over);
    this.#overlay.root.dataset.state = moment.state;
    this.#say(moment);
    this.#name();
    this.#crossing.show(moment);
    this.#cover.decide(this.#scene);
  }

  get #deciding() {
    return this.#overlay.root.classList.contains("deciding");
  }

  /** Whether this viewer's way goes on in another room, where the page then goes. */
  #leads(moment) {
    if (moment.over !== "met" || !moment.fork) return this.#crossing.follow(moment);
    this.#visit.sides.comeFrom(this.#audience.code);
    this.#visit.go(`/room/${moment.fork.code}`);
    return true;
  }

  #say(moment) {
    const text = moment.state === "paused" ? "room_paused" : this.#reunion(moment.met);
    this.#note.hidden = !text;
    if (text) this.#note.textContent = this.#words.say(text, { label: moment.met?.other.label ?? "" });
  }

  /** Who was in this room hears of the others; who comes from there knows. */
  #reunion(met) {
    const { sides } = this.#visit;
    if (!met) return "";
    if (sides.cameFrom(met.code)) return "room_met_again";
    return sides.chosen(met.code) ? "room_met" : "";
  }

  #refused() {
    for (const name of ["sound", "subtitles", "invite"]) this.#hud.offer(name, false);
    this.#cover.strange();
  }

  /* what the screening came to */

  #started(card) {
    this.#overlay.mark(card.scene, this.#scene.revision);
    this.#name(card);
    this.#switches();
  }

  #name(card = this.#screening.card) {
    const watching = this.#words.say("room_watching", { count: this.#audience.moment.watching });
    this.#hud.name(this.#scene.story.title, card?.title ? `${watching} · ${card.title}` : watching, this.#scene.language);
  }

  #tick(time, waiting) {
    const { moment, clock } = this.#audience;
    this.#hud.progress(time / this.#screening.seconds);
    this.#overlay.wait(waiting);
    if (this.#deciding && (time >= 0 || performance.now() - this.#decided > VERDICT_STAYS)) return this.#begin();
    this.#cover.tick(clock.now);
    if (!this.#titled && moment.stands === null) this.#title(time);
    this.#ballot.tick(clock.now);
    const choices = this.#scene.cards.at(-1).choices;
    const votable = choices.length > 0 && time >= 0 && !moment.over && !this.#cover.up;
    if (votable && !this.#ballot.open && (this.#early || this.#due(time, moment, clock.now))) this.#offer(choices);
    this.#now.hidden = !votable || this.#ballot.open;
    if (!this.#now.hidden) this.#invitesVote(moment);
    if (moment.over) this.#cover.decide(this.#scene);
  }

  /** The story's title while its first picture is awaited; who comes later goes straight in. */
  #title(time) {
    this.#titled = true;
    const { revision, story, language } = this.#scene;
    if (revision === 0 && time < 0) this.#titles.show(this.#words.say("watch_together"), story.title, language);
  }

  #begin() {
    this.#overlay.root.classList.remove("deciding");
    this.#titles.clear();
    this.#ballot.hide();
    // Not within the tick: this may lead to another room.
    queueMicrotask(() => this.#moved(this.#audience.moment));
  }

  #due(time, { closes, seconds }, now) {
    return time >= this.#screening.seconds - OPEN_EARLY || (closes !== null && closes - now <= seconds * 1000);
  }

  #offer(choices) {
    this.#ballot.show(choices, this.#scene.language);
    this.#ballot.mark(this.#own);
    this.#delay();
  }

  #invitesVote({ voters }) {
    const text = voters ? `${this.#words.say("room_vote_now")} · ${voters}` : this.#words.say("room_vote_now");
    if (this.#now.textContent !== text) this.#now.replaceChildren(icon("check"), text);
  }

  /* what the viewer does */

  #voteEarly() {
    if (this.#now.hidden) return;
    this.#early = true;
  }

  async #vote(choice) {
    const before = this.#own;
    const ranked = this.#audience.moment.mode === "ranked";
    if (!ranked) this.#ballot.mark([choice.id]);
    this.#cast = choice;
    this.#delayed = false;
    this.#delay();
    const reply = await this.#audience.vote(choice.id);
    if (reply === null) return;
    if (this.#cast === choice) this.#arrived();
    if (QUIET.has(reply)) return this.#ballot.say(this.#own);
    this.#ballot.mark(this.#own === before ? before : this.#own);
    this.#refuse(reply);
  }

  /** A vote that the line keeps is marked until it has arrived. */
  #delay() {
    this.#delayed ||= this.#cast !== null && (this.#offline || !navigator.onLine);
    this.#ballot.delay(this.#delayed ? this.#cast.id : null);
  }

  #arrived() {
    this.#cast = null;
    this.#delayed = false;
    this.#delay();
  }

  async #want(what) {
    const reply = await this.#audience.control(what);
    if (reply !== null && !QUIET.has(reply)) this.#refuse(reply);
  }

  #refuse(reply) {
    const key = `room_reply_${reply}`;
    toast(this.#words.say(this.#words.has(key) ? key : "error_other"));
  }

  #sound() {
    const { stage } = this.#screening;
    stage.mute(!stage.muted);
    remember("muted", stage.muted ? "yes" : "no");
    this.#overlay.offerSound(false);
    this.#switches();
  }

  #caption() {
    const { subtitles } = this.#screening;
    subtitles.wanted = !subtitles.wanted;
    remember("subtitles", subtitles.wanted ? "yes" : "no");
    this.#switches();
  }

  #switches() {
    this.#hud.switches(this.#screening.stage.muted, this.#screening.subtitles.wanted, false);
  }

  #invite() {
    if (this.#scene && !this.#panel) this.#lift(invitationPanel(this.#words, this.#audience, () => { this.#panel = null; }));
  }

  #host() {
    if (!this.#scene || this.#panel || !this.#audience.hosts) return;
    this.#lift(hostPanel(this.#words, this.#audience.moment, (what) => this.#want(what), () => { this.#panel = null; }));
  }

  #lift(panel) {
    this.#panel = panel;
    panel.show(this.#overlay.root);
  }
}

/** What lies over a room's picture just now: the way in, a question, a wait, the end; mostly nothing. */

import { askCurtain, forkCurtain, lobby, meetingCurtain, overCurtain, strangeCurtain } from "./room-curtains.js";

export class Cover {
  #words; #overlay; #audience; #screening; #deeds; #curtain = null; #drawn = "";

  /**
   * @param {import("./words.js").Words} words
   * @param {import("./overlay.js").Overlay} overlay
   * @param {import("./audience.js").Audience} audience
   * @param {import("./screening.js").Screening} screening
   * @param {{want: (what: string) => void, go: (path: string) => void, gather: (story: any) => void, leave: () => void, crossing: import("./room-crossing.js").Crossing}} deeds
   */
  constructor(words, overlay, audience, screening, deeds) {
    this.#words = words;
    this.#overlay = overlay;
    this.#audience = audience;
    this.#screening = screening;
    this.#deeds = deeds;
  }

  /** Whether there is something. */
  get up() {
    return this.#curtain !== null;
  }

  /** Looks what is to be there, and draws it unless it is. @param {any} scene */
  decide(scene) {
    const { moment, hosts } = this.#audience;
    const kind = this.#kind(moment);
    const wanted = kind && `${kind} ${hosts} ${moment.revision} ${moment.fork?.code ?? ""}`;
    if (wanted !== this.#drawn) {
      this.#drawn = wanted;
      this.#draw(kind ? this[kind](scene, moment) : null);
    }
    const here = this.#curtain?.querySelector("[data-test=lobby-here]");
    const text = this.#words.say("room_here", { count: moment.watching });
    if (here && here.textContent !== text) here.textContent = text;
  }

  /** The clock moves. @param {number} now Unix ms by the server */
  tick(now) {
    const left = this.#curtain?.querySelector("[data-test=meeting-left]");
    const { meeting } = this.#audience.moment;
    if (!left || !meeting) return;
    const text = this.#words.say("room_meeting_left", { time: minutes(meeting - now) });
    if (left.textContent !== text) left.textContent = text;
  }

  /** There is no such room. */
  strange() {
    this.#draw(strangeCurtain(this.#words, this.#deeds.leave));
  }

  #kind({ over, state, revision, stands, fork }) {
    // First it is read how the vote went.
    if (over !== "stopped" && this.#overlay.root.classList.contains("deciding")) return "";
    if (over) return over !== "ending" || this.#screening.time >= this.#screening.seconds ? "over" : "";
    if (state === "paused" && revision === 0 && !fork && stands !== null && stands < 0) return "lobby";
    if (state === "asking") return state;
    // Which way to go is asked first, also where one of the two waits for the other at once.
    if (this.#deeds.crossing.asks(fork)) return "fork";
    return state === "meeting" ? state : "";
  }

  /* by the name that #kind gives them */

  lobby(scene) {
    const { code, link, local, hosts } = this.#audience;
    return lobby(this.#words, { code, link, local, hosts, title: scene.story.title, language: scene.language }, () => this.#deeds.want("resume"));
  }

  asking(scene, { asked }) {
    const { want } = this.#deeds;
    return askCurtain(this.#words, asked, this.#audience.hosts, { split: () => want("split"), together: () => want("together") });
  }

  meeting() {
    return meetingCurtain(this.#words, { hosts: this.#audience.hosts }, () => this.#deeds.want("resume"));
  }

  fork(scene, { fork }) {
    const { crossing } = this.#deeds;
    return forkCurtain(this.#words, { side: fork.side.label, other: fork.other.label }, {
      stay: () => crossing.stay(fork.code), go: () => crossing.cross(),
    });
  }

  over({ story, language, cards }, { over, recap }) {
    const { gather, go, leave } = this.#deeds;
    return overCurtain(this.#words, { over, story, language, recap }, cards.at(-1), {
      again: () => gather(story), alone: () => go(`/play/${story.id}`), back: leave,
    });
  }

  #draw(curtain) {
    const focused = this.#curtain?.contains(document.activeElement);
    this.#curtain?.remove();
    this.#curtain = curtain;
    this.#overlay.curtain(curtain);
    if (curtain) curtain.querySelector("h2").focus({ preventScroll: true });
    else if (focused) this.#overlay.root.focus({ preventScroll: true });
  }
}

function minutes(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

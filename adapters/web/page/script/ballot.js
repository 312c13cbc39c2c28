/** The vote: every choice a button with a bar that grows as others want it too. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Ring } from "./ring.js";

/** @typedef {{id: string, label: string, locked: boolean, image: string|null}} Choice */

export class Ballot {
  #words; #cast; #ring;
  #choices = []; #rows = new Map(); #own = []; #open = false; #moment = null;
  #count = element("p", { class: "ballot-count", test: "votes" });
  #state = element("p", { class: "ballot-state" });
  #aloud = element("p", { class: "unseen", "aria-live": "polite" });
  #buttons = element("div", { class: "choice-buttons", role: "group" });

  /** @param {import("./words.js").Words} words @param {(choice: Choice) => void} cast */
  constructor(words, cast) {
    this.#words = words;
    this.#cast = cast;
    this.#ring = new Ring(words);
    this.root = element("section", { class: "ballot choices", test: "ballot", hidden: true },
      element("div", { class: "ballot-head" }, this.#ring.root, element("div", { class: "ballot-words" }, this.#state, this.#count)),
      this.#aloud, this.#buttons);
  }

  get open() {
    return !this.root.hidden;
  }

  /** @param {Choice[]} choices @param {string} language */
  show(choices, language) {
    this.#choices = choices;
    this.root.hidden = false;
    this.root.lang = language;
    this.#buttons.setAttribute("aria-label", this.#words.say("choose"));
    this.#rows = new Map(choices.map((choice, index) => [choice.id, this.#row(choice, index)]));
    this.#buttons.replaceChildren(...[...this.#rows.values()].map((row) => row.root));
    this.#aloud.textContent = `${this.#words.say("choose")} ${this.#words.say("choices_open", { count: choices.length })}`;
    if (this.#moment) this.update(this.#moment);
    this.mark(this.#own);
  }

  hide() {
    this.root.hidden = true;
    this.#aloud.textContent = "";
    this.#buttons.replaceChildren();
    this.#rows.clear();
  }

  /** What this viewer wants, the dearest first. @param {string[]} own */
  mark(own) {
    this.#own = own;
    const ranked = this.#moment?.mode === "ranked";
    for (const [id, row] of this.#rows) {
      const at = own.indexOf(id);
      row.root.classList.toggle("own", at >= 0);
      row.root.setAttribute("aria-pressed", String(at >= 0));
      row.mark.replaceChildren(...(at < 0 ? [] : [ranked ? String(at + 1) : icon("check")]));
    }
  }

  /** Says what this viewer's vote is now. @param {string[]} own */
  say(own) {
    const labels = own.map((id) => this.#rows.get(id)?.root.dataset.label ?? id);
    this.#aloud.textContent = this.#words.say("room_your_vote", { label: labels.join(", ") });
  }

  /** Bars, counts and who may be voted for. @param {any} moment */
  update(moment) {
    this.#moment = moment;
    this.#open = moment.state === "open" || moment.state === "waiting";
    this.#count.textContent = this.#words.say("room_votes", { count: moment.voters });
    this.#state.textContent = this.#words.say(this.#title(moment));
    for (const [id, row] of this.#rows) {
      const share = moment.tally[id];
      const shut = !this.#open || share === undefined;
      row.root.classList.toggle("out", moment.round === 2 && share === undefined);
      row.root.setAttribute("aria-disabled", String(shut || row.locked));
      row.bar.style.transform = `scaleX(${(share ?? 0) / 100})`;
      row.share.textContent = moment.voters && share !== undefined ? `${share}%` : "";
    }
  }

  /** The clock moves. @param {number} now Unix ms by the server */
  tick(now) {
    const { closes, left, seconds } = this.#moment ?? {};
    if (!seconds) return this.#ring.show(null, 1);
    if (closes !== null && now >= closes) this.#shut();
    this.#ring.show(closes === null ? left : Math.max(0, closes - now), seconds * 1000);
  }

  /** The line is broken: that vote waits until it is back. @param {string|null} id null: none does */
  delay(id) {
    for (const [one, row] of this.#rows) {
      row.root.classList.toggle("unsent", one === id);
      row.later.textContent = one === id ? this.#words.say("room_unsent") : "";
    }
    if (id) this.#aloud.textContent = this.#words.say("room_unsent");
  }

  /** It is decided: what happens lights up, the others fade. @param {string[]} ids two where the group splits */
  light(ids) {
    this.#shut();
    for (const [one, row] of this.#rows) row.root.classList.add(ids.includes(one) ? "taken" : "passed");
  }

  /** Votes for the choice with that number. @param {number} number from 1 */
  press(number) {
    const choice = this.#choices[number - 1];
    if (choice && this.open) this.#press(choice);
  }

  /** Moves the focus among the buttons. @param {1|-1} by */
  step(by) {
    const buttons = [...this.#buttons.querySelectorAll("button")];
    if (!this.open || !buttons.length) return false;
    const at = buttons.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : buttons.length - 1) : (at + by + buttons.length) % buttons.length;
    buttons[next].focus();
    return true;
  }

  #shut() {
    if (!this.#open) return;
    this.#open = false;
    for (const row of this.#rows.values()) row.root.setAttribute("aria-disabled", "true");
  }

  #title({ state, mode, round }) {
    if (state === "paused" || state === "waiting" || state === "shut") return `room_${state}`;
    if (round === 2) return "room_second_round";
    return mode === "ranked" ? "room_rank" : "choose";
  }

  #row(choice, index) {
    const bar = element("i", { class: "vote-bar", "aria-hidden": "true" });
    const share = element("span", { class: "vote-share" });
    const mark = element("span", { class: "vote-mark", "aria-hidden": "true" });
    const later = element("span", { class: "vote-later", test: "unsent" });
    const locked = choice.locked;
    const root = element("button", {
      type: "button", class: locked ? "choice vote locked" : "choice vote", test: `vote-${choice.id}`, "data-label": choice.label,
      "aria-disabled": locked ? "true" : null, "aria-pressed": "false", "aria-keyshortcuts": String(index + 1),
      on: { click: () => this.#press(choice) },
    },
    bar, mark,
    choice.image && element("img", { class: "choice-image", src: choice.image, alt: "" }),
    element("span", { class: "choice-label", text: choice.label }),
    locked && element("span", { class: "unseen", text: this.#words.say("locked") }), locked && icon("lock"), later, share);
    return { root, bar, share, mark, later, locked };
  }

  #press(choice) {
    if (!this.#open || choice.locked || this.#moment?.tally[choice.id] === undefined) return;
    this.#cast(choice);
  }
}

/** The studio's page: what comes from the server goes to its places, and what is pressed, written and sent goes there. */

import { uuid } from "./api.js";
import { element } from "./element.js";
import { StudioApi } from "./studio-api.js";
import { StudioField } from "./studio-field.js";
import { StudioMap } from "./studio-map.js";
import { reported, StudioPlay } from "./studio-play.js";
import { Sending } from "./studio-sending.js";
import { card } from "./studio-sheet.js";
import { storyList } from "./studio-stories.js";
import { toast } from "./toast.js";

const SLOW_AFTER = 250; // ms before it is said that something is done
const WORKS = { check: "Proving what can happen…", test: "Playing at random…", ask: "Looking at everybody who plays…",
  publish: "Looking at everybody who plays…", pub: "Publishing…", undo: "Taking it back…" };
const AWAY = "The bot cannot be reached. Trying again…";
const ROOMS = { stories: "Stories", desk: "Play", map: "Map" };

class StudioPage {
  #api = new StudioApi(() => { this.#work.textContent = AWAY; });
  #stories = []; #commands = []; #story = null; #test = null;
  #list = element("nav", { class: "mine-place", "aria-label": "My stories" });
  #notes = element("div", { class: "notes", "aria-live": "polite", test: "notes" });
  #work = element("p", { class: "work", role: "status", hidden: true, test: "work" });
  #working = 0; #waiting = 0; #clips = false;
  #deeds = { press: (about, button) => this.#press(about, button), write: (text) => this.#field.write(text), commands: this.#commands };
  #sending = new Sending(this.#api, {
    story: () => this.#story, came: (sheet, isStory) => this.#came(sheet, isStory), done: () => this.#sent(),
  });
  #field = new StudioField((name, rest) => this.#command(name, rest), (text) => this.#ask("text", { text }));
  #play = new StudioPlay(this.#deeds);
  #map = new StudioMap(this.#api, (story, scene) => this.#from(story, scene));
  #tabs = Object.entries(ROOMS).map(([room, text]) => element("button", { type: "button", class: "room-tab", test: `tab-${room}`, text,
    on: { click: () => this.#enter(room) } }));

  constructor(screen) {
    screen.replaceChildren(
      element("header", { class: "studio-head" },
        element("a", { class: "wordmark", href: "/", "aria-label": "Cliffhanger, to the stories" },
          element("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }), element("span", { class: "wordmark-name", text: "Cliffhanger" })),
        element("h1", { class: "kicker", text: "Studio" }),
        this.#sending.button("Send", "primary send-small")),
      element("div", { class: "rooms" },
        element("section", { class: "room-stories" }, element("h2", { class: "room-title", text: "My stories" }), this.#list),
        element("section", { class: "room-desk", "aria-label": "Desk" },
          element("div", { class: "desk-scroll", test: "desk" }, this.#sending.root, this.#work, this.#notes, this.#play.root),
          this.#field.root),
        element("section", { class: "room-map" }, this.#map.root)),
      element("nav", { class: "room-tabs", "aria-label": "Rooms", test: "rooms" }, ...this.#tabs));
    this.#enter("desk");
  }

  /** Shows where everything stands; an invitation in the address is taken first. */
  async open() {
    const code = new URLSearchParams(location.search).get("join");
    if (code !== null) history.replaceState(null, "", "/studio");
    const standing = await this.#refresh();
    if (!standing) return;
    if (code !== null) await this.#command("join", code);
    else if (standing.playing) await this.#ask("press", { about: "now" });
    else if (standing.stories.length) await this.#choose(standing.stories[0].id, false);
  }

  // -- what comes

  async #refresh() {
    try {
      const standing = await this.#api.stories();
      this.#stories = standing.stories;
      this.#forget();
      this.#commands.splice(0, Infinity, ...standing.commands);
      this.#field.know(standing.commands);
      this.#sending.limit(standing.most_bytes);
      this.#redraw();
      return standing;
    } catch (problem) {
      this.#trouble(problem, () => this.open());
      return null;
    }
  }

  /** What is in hand may be gone: given up, here or elsewhere. */
  #forget() {
    const gone = (id) => !this.#stories.some((story) => story.id === id);
    if (this.#test && gone(this.#test.scene.story)) this.#test = null;
    if (gone(this.#story)) this.#story = null;
    if (!this.#test) this.#play.show(null);
  }

  #redraw() {
    this.#list.replaceChildren(this.#stories.length ? storyList(this.#stories, this.#story, (story) => this.#choose(story))
      : element("p", { class: "hint", text: "None yet. Send one, and it is here." }));
    this.#list.append(this.#sending.button("Send a story", "quiet send-wide"));
    this.#map.want(this.#stories.find((story) => story.id === this.#story) ?? null);
    if (!this.#stories.length && !this.#notes.childElementCount) this.#notes.replaceChildren(this.#welcome());
  }

  #welcome() {
    return element("section", { class: "welcome", test: "welcome" },
      element("h2", { text: "Send a story, and play it a second later." }),
      element("p", { text: "One .yaml file, or a zip of the story's folder. Drop it anywhere here, or choose it." }),
      this.#sending.button("Choose a file"),
      element("ol", { class: "steps" },
        element("li", {}, element("strong", { text: "Play it" }), " as a viewer would, with every value in sight."),
        element("li", {}, element("strong", { text: "Send clips" }), " named after their scenes: gate.mp4 is for gate."),
        element("li", {}, element("strong", { text: "Check it" }), ": what can never happen is found, and shown."),
        element("li", {}, element("strong", { text: "Publish it" }), " once you know what that does to those who play.")));
  }

  #show(sheet) {
    const { report, lines } = sheet.scene ? reported(sheet.lines) : { report: sheet.lines, lines: [] };
    if (sheet.story) this.#story = sheet.story;
    if (sheet.scene) this.#test = { ...sheet, lines };
    const beside = { ...sheet, lines: report, rows: sheet.scene ? [] : sheet.rows };
    const said = report.length || beside.picture || beside.document;
    this.#notes.replaceChildren(...(said ? [this.#note(beside)] : []));
    const mine = this.#test?.scene.story === this.#story;
    this.#play.show(mine ? this.#test : null);
    this.#map.mark(mine ? this.#test.scene.id : null);
    this.#field.ask(sheet.question);
    this.#redraw();
    this.#notes.parentElement.scrollTop = 0;
  }

  #note(sheet) {
    const close = element("button", { type: "button", class: "note-close", "aria-label": "Put away", test: "put-away", text: "✕",
      on: { click: () => this.#notes.replaceChildren() } });
    const note = card(sheet, this.#deeds);
    note.append(close);
    return note;
  }

  #trouble(problem, again) {
    this.#notes.replaceChildren(element("article", { class: "sheet wrong", role: "alert", test: "trouble" },
      element("p", { class: "sheet-line", text: problem.message }),
      element("div", { class: "keys" }, element("button", { type: "button", class: "key", text: "Try again", on: { click: again } }))));
  }

  // -- what goes

  /** `event` is that of a call which is asked once more; `beside` leaves the list of files that came as it is. */
  async #ask(call, facts, { button, work, story, event = uuid(), beside = false } = {}) {
    const since = ++this.#working;
    this.#waiting += 1;
    if (!beside) this.#sending.tidy();
    button?.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => { this.#work.textContent = work ?? "One moment…"; this.#work.hidden = false; }, SLOW_AFTER);
    try {
      const sheet = await this.#api.tell(call, event, facts);
      if (since === this.#working) this.#show(story ? { ...sheet, story: sheet.story ?? story } : sheet);
      return sheet;
    } catch (problem) {
      this.#trouble(problem, () => this.#ask(call, facts, { work, story, event }));
      return null;
    } finally {
      this.#waiting -= 1;
      clearTimeout(slow);
      if (since === this.#working) this.#work.hidden = true;
      button?.removeAttribute("aria-busy");
    }
  }

  async #press(about, button) {
    const [verb, story] = about.split(" ");
    if (verb === "map" || verb === "heat") return this.#look(story, verb === "heat");
    const focused = button?.classList.contains("choice") || button?.closest(".controls");
    await this.#ask("press", { about }, { button, work: WORKS[verb] });
    if (focused && document.activeElement === document.body) this.#play.root.querySelector(".choice, .key")?.focus({ preventScroll: true });
    if (["pub", "undo", "gone", "out"].includes(verb)) await this.#refresh();
  }

  async #command(name, rest) {
    if (name === "map") return this.#look(this.#stories.find((one) => one.id === rest.trim())?.id ?? this.#story, false);
    await this.#ask("command", { name, rest: this.#meant(name, rest) }, { work: WORKS[name] });
    if (["join", "leave"].includes(name)) await this.#refresh();
  }

  /** The story in hand is meant where none is named: on a screen it is in sight. */
  #meant(name, rest) {
    const bare = ["check", "publish", "revert", "people", "log", "delete", "leave"].includes(name) && !rest;
    const role = name === "invite" && /^\w+$/.test(rest);
    const number = name === "test" && /^[\d,\s]*$/.test(rest);
    return this.#story && (bare || role || number) ? `${this.#story} ${rest}`.trim() : rest;
  }

  #choose(story, enter = true) {
    this.#story = story;
    if (enter) this.#enter("desk");
    return this.#ask("press", { about: `story ${story}` }, { story });
  }

  #look(story, heat) {
    if (story) this.#story = story;
    this.#redraw();
    if (heat) this.#map.heat(true);
    this.#enter("map");
  }

  #from(story, scene) {
    this.#enter("desk");
    return this.#ask("press", { about: `at ${story} ${scene}` });
  }

  #came(sheet, isStory) {
    this.#clips ||= !isStory;
    if (!isStory) return;
    this.#enter("desk");
    this.#show(sheet);
  }

  /** Clips that came are seen at once. */
  async #sent() {
    await this.#refresh();
    const stale = this.#clips && this.#story;
    this.#clips = false;
    if (!stale || this.#waiting) return; // what is asked for meanwhile shows them too
    const playing = this.#test?.scene.story === this.#story;
    await this.#ask("press", { about: playing ? "now" : `story ${this.#story}` }, { beside: true });
  }

  #enter(room) {
    document.getElementById("studio").dataset.room = room;
    this.#tabs.forEach((tab, index) => tab.setAttribute("aria-current", String(Object.keys(ROOMS)[index] === room)));
  }
}

addEventListener("unhandledrejection", () => toast("That did not work. Load the page again."));
new StudioPage(document.getElementById("studio")).open();

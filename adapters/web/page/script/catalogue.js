/** The catalogue: one story on the marquee, the others below. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { linkingPanel } from "./linking.js";
import { pips } from "./pips.js";
import { poster } from "./poster.js";
import { autonym, PAGE_LANGUAGES } from "./words.js";

const SHORT_NAMES = { en: "EN", zh: "中文", es: "ES" };

/**
 * @typedef {Object} Story
 * @property {string} id
 * @property {string} title
 * @property {string} synopsis
 * @property {string[]} genres
 * @property {string} rating
 * @property {string[]} languages
 * @property {string|null} poster
 * @property {number} seconds
 * @property {{id: string, title: string, seconds: number}[]} episodes
 * @property {{found: number, total: number}} endings
 * @property {{seen: number, total: number}} scenes
 * @property {{scene_title: string, updated: string|number, ended: boolean}|null} session
 */

/** Draws into `screen`; `show` may be called again after the language changed. */
export class Catalogue {
  #screen;
  #api;
  #words;
  #open;
  #gather;
  #visit = 0;

  /**
   * @param {HTMLElement} screen
   * @param {import("./api.js").Api} api
   * @param {import("./words.js").Words} words
   * @param {(story: string, anew: boolean) => void} open
   * @param {(story: Story) => void} gather watch it together
   */
  constructor(screen, api, words, open, gather) {
    this.#screen = screen;
    this.#api = api;
    this.#words = words;
    this.#open = open;
    this.#gather = gather;
  }

  async show() {
    const visit = ++this.#visit;
    if (!this.#screen.querySelector(".catalogue")) this.#draw(this.#waiting());
    try {
      const shelf = await this.#api.catalogue();
      if (visit === this.#visit) this.#draw(this.#shelf(shelf), shelf.language);
    } catch {
      if (visit === this.#visit) this.#draw(this.#failure());
    }
  }

  /** Called when the screen is left: an answer on its way is not drawn any more. */
  leave() {
    this.#visit += 1;
  }

  #draw(body, language = this.#words.language) {
    document.title = "Cliffhanger";
    const main = element("div", { class: "catalogue", lang: language }, this.#header(), ...[body].flat(), this.#footer());
    this.#screen.replaceChildren(main);
  }

  #header() {
    const switches = PAGE_LANGUAGES.map((code) => element("button", {
      type: "button", class: "page-language", lang: code, test: `page-language-${code}`, text: SHORT_NAMES[code],
      "aria-label": autonym(code), "aria-pressed": String(code === this.#words.language),
      on: { click: () => this.#switch(code) },
    }));
    return element("header", { class: "masthead" },
      element("h1", { class: "wordmark" }, element("img", { src: "/static/icon.svg", alt: "", width: 30, height: 30 }), "Cliffhanger"),
      element("div", { class: "page-languages", role: "group", "aria-label": this.#words.say("page_language") }, ...switches));
  }

  #switch(code) {
    this.#words.choose(code);
    this.show().then(() => this.#screen.querySelector(`[data-test="page-language-${code}"]`)?.focus());
  }

  #shelf({ stories, broken }) {
    const mending = broken.length ? this.#broken(broken) : null;
    if (!stories.length) return [this.#notice("empty_title", "empty_text"), mending];
    const marquee = featured(stories);
    const others = stories.filter((story) => story !== marquee);
    return [
      this.#marquee(marquee),
      others.length > 0 && element("section", { class: "shelf", "aria-labelledby": "shelf-title" },
        element("h2", { id: "shelf-title", class: "shelf-title", text: this.#words.say("more_stories") }),
        element("div", { class: "shelf-cards" }, ...others.map((story) => this.#card(story)))),
      mending,
    ];
  }

  #marquee(story) {
    const backdrop = story.poster && element("img", { class: "marquee-backdrop", src: story.poster, alt: "", "aria-hidden": "true" });
    return element("article", { class: "marquee", test: `story-${story.id}` },
      backdrop,
      element("div", { class: "marquee-poster" }, poster(story, true)),
      element("div", { class: "marquee-words" }, ...this.#billing(story, "marquee-title"), this.#play(story)));
  }

  #card(story) {
    return element("article", { class: "story", test: `story-${story.id}` },
      poster(story),
      element("div", { class: "story-words" }, ...this.#billing(story, "story-title"), this.#play(story)));
  }

  #billing(story, title) {
    return [
      element("p", { class: "kicker", text: story.genres.join(" · ") }),
      element("h3", { class: title, text: story.title }),
      element("p", { class: "synopsis", text: story.synopsis }),
      this.#facts(story),
      story.endings.total > 0 && pips(this.#words, story.endings.found, story.endings.total),
    ];
  }

  #facts(story) {
    const words = this.#words;
    const all = story.rating === "all";
    const facts = [
      element("li", { class: "rating", "aria-label": words.say(all ? "all_ages" : "age", { rating: story.rating }),
        text: all ? words.say("all_ages") : story.rating }),
      story.seconds > 0 && element("li", { text: words.duration(story.seconds) }),
      element("li", { text: story.episodes.length > 1
        ? words.say("episodes", { count: story.episodes.length }) : words.say("scenes", { count: story.scenes.total }) }),
      story.episodes.length > 1 && element("li", { text: words.say("scenes", { count: story.scenes.total }) }),
      element("li", { text: story.languages.map(autonym).join(", ") }),
    ];
    return element("ul", { class: "facts" }, ...facts);
  }

  #play(story) {
    const ended = story.session?.ended;
    const action = this.#words.say(story.session ? (ended ? "play_again" : "continue") : "play");
    const where = story.session && !ended && story.session.scene_title;
    return element("div", { class: "call" },
      element("button", {
        type: "button", class: "primary", test: "play", on: { click: () => this.#open(story.id, Boolean(ended)) },
        "aria-label": this.#words.say("play_story", { action, title: story.title }),
      }, icon(ended ? "again" : "play"), element("span", { text: action })),
      element("button", {
        type: "button", class: "quiet together", test: "watch-together", on: { click: () => this.#gather(story) },
        "aria-label": this.#words.say("play_story", { action: this.#words.say("watch_together"), title: story.title }),
      }, icon("together"), element("span", { text: this.#words.say("watch_together") })),
      where && element("p", { class: "whereabouts", text: this.#words.say("where_you_are", { scene: where }) }));
  }

  #broken(broken) {
    const rows = broken.map((story) => element("div", { class: "broken-story", test: `broken-${story.id}` },
      element("h3", { text: story.id }),
      element("ul", {}, ...story.errors.map((line) => element("li", {}, element("code", { text: line }))))));
    return element("details", { class: "broken" },
      element("summary", { text: this.#words.say("broken", { count: broken.length }) }), ...rows);
  }

  #waiting() {
    return element("div", { class: "waiting", role: "status", "aria-label": this.#words.say("loading") },
      element("div", { class: "bone marquee-bone" }), element("div", { class: "bone line-bone" }), element("div", { class: "bone line-bone short" }));
  }

  #failure() {
    return this.#notice("failed_title", "failed_text", element("button", {
      type: "button", class: "primary", text: this.#words.say("try_again"), on: { click: () => { this.#draw(this.#waiting()); this.show(); } },
    }));
  }

  #notice(title, text, action = null) {
    return element("section", { class: "notice", role: "status" },
      element("h2", { text: this.#words.say(title) }), element("p", { text: this.#words.say(text) }), action);
  }

  #footer() {
    return element("footer", { class: "footer" },
      element("div", { class: "ways" },
        element("button", { type: "button", class: "quiet elsewhere", test: "link", on: { click: () => this.#link() } },
          icon("devices"), element("span", { text: this.#words.say("link") })),
        element("a", { class: "quiet elsewhere", href: "/studio", test: "studio" },
          icon("pen"), element("span", { text: this.#words.say("studio") }))),
      element("p", { class: "tagline", text: this.#words.say("tagline") }));
  }

  /** Whoever comes back from it may have other stories under way. */
  #link() {
    const visit = this.#visit;
    const closed = () => visit === this.#visit && this.show().then(() => this.#screen.querySelector('[data-test="link"]')?.focus());
    linkingPanel(this.#words, this.#api, (story) => this.#open(story, false), closed).show(document.body);
  }
}

/** The story last left in the middle, else the longest. @param {Story[]} stories */
function featured(stories) {
  const begun = stories.filter((story) => story.session && !story.session.ended);
  begun.sort((one, two) => new Date(two.session.updated) - new Date(one.session.updated));
  return begun[0] ?? stories.reduce((longest, story) => (story.seconds > longest.seconds ? story : longest));
}

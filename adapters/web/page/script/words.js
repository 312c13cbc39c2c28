/** What the page itself says, in the viewer's language. */

import { ENGLISH } from "./words-en.js";
import { SPANISH } from "./words-es.js";
import { CHINESE } from "./words-zh.js";
import { recall, remember } from "./memory.js";

const TABLES = { en: ENGLISH, zh: CHINESE, es: SPANISH };

/** The languages the page speaks, in the order they are offered. */
export const PAGE_LANGUAGES = Object.keys(TABLES);

/** One language at a time; everything that shows words holds the same instance. */
export class Words {
  constructor() {
    /** @type {string|null} the viewer's own choice, if one was made here */
    this.chosen = known(recall("language"));
    /** @type {string|null} what Telegram says, where it says anything; the page may not speak it */
    this.suggested = null;
    this.language = this.chosen ?? navigator.languages.map(known).find(Boolean) ?? "en";
    this.#mark();
  }

  /** Takes the language if the page speaks it. @param {string} code @returns {boolean} whether it did */
  choose(code) {
    const found = known(code);
    if (!found) return false;
    this.chosen = this.language = found;
    remember("language", found);
    this.#mark();
    return true;
  }

  /** Speaks this language, if the page does, for as long as none is chosen here. @param {string|null} code */
  suggest(code) {
    this.suggested = code;
    if (this.chosen || !known(code)) return;
    this.language = known(code);
    this.#mark();
  }

  /**
   * The text under `key` with {name} filled in; plural texts are {one, other}, picked by `values.count`.
   * @param {string} key
   * @param {Object<string, string|number>} [values]
   */
  say(key, values = {}) {
    const entry = TABLES[this.language][key] ?? ENGLISH[key] ?? key;
    const text = typeof entry === "string" ? entry : entry[plural(this.language, values.count)] ?? entry.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  /** @param {string} key @returns {boolean} whether there is a text for it */
  has(key) {
    return key in ENGLISH;
  }

  /** A running time in words. @param {number} seconds */
  duration(seconds) {
    if (seconds < 60) return this.say("seconds", { count: Math.max(1, Math.round(seconds)) });
    return this.say("minutes", { count: Math.round(seconds / 60) });
  }

  #mark() {
    document.documentElement.lang = this.language;
  }
}

/** A language's name in that language, as its speakers look for it. @param {string} code */
export function autonym(code) {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
}

function known(code) {
  const short = (code ?? "").toLowerCase().split("-")[0];
  return short in TABLES ? short : null;
}

function plural(language, count) {
  return new Intl.PluralRules(language).select(Number(count ?? 2));
}

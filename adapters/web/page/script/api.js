/** The server, asked politely: patient on bad networks, and never counted twice. */

const SLOW_AFTER = 700; // ms before the viewer is told that we are waiting
const GIVE_UP_ON_ONE_TRY = 20000;
const PAUSES = [400, 900, 1800, 3000, 5000];
const TRY_LATER = new Set([429, 502, 503, 504]);
const TRIES_ON_BROKEN_SERVER = 3;
const LOGIN = "/api/telegram";

/** The server said no; `code` is one of its error codes. */
export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @typedef {"ready"|"slow"|"offline"} Line how the connection looks to the viewer */

export class Api {
  #words;
  #tell;
  #initData = null;
  #unproven = () => {};

  /** @param {import("./words.js").Words} words @param {(line: Line) => void} tell called when the connection changes */
  constructor(words, tell) {
    this.#words = words;
    this.#tell = tell;
  }

  /**
   * Logs in with what Telegram says of the viewer. Until the server has answered, each call tries it first.
   * @param {string} initData
   * @param {() => void} unproven called when the server does not believe it: the viewer is whoever this browser is
   */
  async enter(initData, unproven) {
    this.#initData = initData;
    this.#unproven = unproven;
    await this.#login();
  }

  /** Logs out. @returns {Promise<boolean>} whether nobody is logged in any more */
  async exit() {
    const answer = await this.#once("DELETE", LOGIN, null).catch(() => ({ done: true }));
    return Boolean(answer.done);
  }

  /** Says, while the page may be going, that the story goes on in the chat. @param {string} session @param {number} revision */
  leave(session, revision) {
    const body = new Blob([JSON.stringify({ event: uuid(), revision })], { type: "application/json" });
    navigator.sendBeacon(`/api/sessions/${encodeURIComponent(session)}/chat`, body);
  }

  /** The stories in the viewer's language. Gives up after a few tries, so that the page can say so. */
  catalogue() {
    const chosen = this.#words.chosen;
    return this.#ask("GET", `/api/catalogue${chosen ? `?language=${chosen}` : ""}`, null, { tries: 3 });
  }

  /** Begins the story or returns to where the viewer was. @param {string} story @param {AbortSignal} signal */
  open(story, signal) {
    const body = { event: uuid() };
    return this.#ask("POST", `/api/stories/${encodeURIComponent(story)}/open`, body, { signal });
  }

  /** The current card. @param {string} session @param {AbortSignal} signal */
  session(session, signal) {
    return this.#ask("GET", `/api/sessions/${encodeURIComponent(session)}`, null, { signal });
  }

  /** The map of what was seen. @param {string} session @param {AbortSignal} signal */
  map(session, signal) {
    return this.#ask("GET", `/api/sessions/${encodeURIComponent(session)}/map`, null, { signal, tries: 3 });
  }

  /**
   * One thing the viewer did. Repeated under the same event id until the server has answered.
   * @param {string} session
   * @param {"tap"|"timeout"|"rewind"|"restart"|"language"|"chat"} deed
   * @param {Object<string, any>} facts
   * @param {AbortSignal} signal
   */
  act(session, deed, facts, signal) {
    const body = { event: uuid(), ...facts };
    return this.#ask("POST", `/api/sessions/${encodeURIComponent(session)}/${deed}`, body, { signal });
  }

  /** A room as it stands, with what this viewer has to do with it. @param {string} code @param {AbortSignal} signal */
  room(code, signal) {
    return this.#ask("GET", `/api/rooms/${encodeURIComponent(code)}`, null, { signal });
  }

  /** The server's clock; a single try, for its answer is worth nothing late. @param {AbortSignal} signal @returns {Promise<number|null>} Unix ms */
  async time(signal) {
    const answer = await this.#once("GET", "/api/time", null, signal).catch(() => ({ done: false }));
    return answer.done ? answer.value.now : null;
  }

  /** Begins a watch-along. @param {{story: string, language: string, seconds: number, mode: string, waits: boolean}} facts */
  gather(facts) {
    return this.#ask("POST", "/api/rooms", { event: uuid(), ...facts }, { tries: 3 });
  }

  /**
   * A vote, or what the host wants. Repeated under the same event id until the server has answered.
   * @param {string} code @param {"vote"|"control"} deed @param {Object<string, any>} facts @param {AbortSignal} signal
   */
  inRoom(code, deed, facts, signal) {
    return this.#ask("POST", `/api/rooms/${encodeURIComponent(code)}/${deed}`, { event: uuid(), ...facts }, { signal });
  }

  /** A code that another device may enter, in place of the last one. @returns {Promise<{code: string, minutes: number}>} */
  code() {
    return this.#ask("POST", "/api/link/code", { event: uuid() }, { tries: 3 });
  }

  /** Be one with the viewer who made that code. @param {string} code @returns {Promise<{story: {id: string, title: string}|null, both: string[]}>} */
  link(code) {
    return this.#ask("POST", "/api/link", { event: uuid(), code }, { tries: 3 });
  }

  async #ask(method, path, body, { signal, tries = Infinity } = {}) {
    const slow = setTimeout(() => this.#tell("slow"), SLOW_AFTER);
    try {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await this.#once(method, path, body, signal);
        if (answer.done) return answer.value;
        if (attempt >= (answer.broken ? Math.min(tries, TRIES_ON_BROKEN_SERVER) : tries)) throw answer.problem;
        if (answer.offline) {
          clearTimeout(slow); // what is known to be away is not said to be slow
          this.#tell("offline");
        }
        await pause(PAUSES[Math.min(attempt, PAUSES.length) - 1], signal);
      }
    } finally {
      clearTimeout(slow);
      this.#tell("ready");
    }
  }

  async #login(signal) {
    let answer = { done: true };
    try {
      answer = await this.#once("POST", LOGIN, { initData: this.#initData }, signal);
      if (!answer.done) return answer;
      this.#words.suggest(answer.value.language);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      this.#unproven();
    }
    this.#initData = null;
    return answer;
  }

  async #once(method, path, body, signal) {
    if (this.#initData && path !== LOGIN) {
      const entered = await this.#login(signal);
      if (!entered.done) return entered;
    }
    let response;
    try {
      response = await fetch(path, this.#request(method, body, signal));
      if (response.ok) return { done: true, value: await response.json() };
    } catch (problem) {
      signal?.throwIfAborted();
      return { offline: true, problem: new Refusal("offline", String(problem)) };
    }
    const problem = await refusal(response);
    if (TRY_LATER.has(response.status)) return { problem };
    if (response.status >= 500) return { problem, broken: true };
    throw problem;
  }

  #request(method, body, signal) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    const language = this.#words.chosen ?? this.#words.suggested;
    if (language) headers["Accept-Language"] = language;
    const limit = AbortSignal.timeout(GIVE_UP_ON_ONE_TRY);
    const either = signal && AbortSignal.any ? AbortSignal.any([signal, limit]) : signal ?? limit;
    return { method, headers, body: body && JSON.stringify(body), signal: either, credentials: "same-origin" };
  }
}

async function refusal(response) {
  const said = await response.json().catch(() => null);
  return new Refusal(said?.error?.code ?? "other", said?.error?.message ?? response.statusText);
}

/** Waits, but no longer than until the network is back; throws when the screen is left. */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      removeEventListener("online", settle);
      signal?.removeEventListener("abort", settle);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(settle, milliseconds);
    addEventListener("online", settle);
    signal?.addEventListener("abort", settle);
  });
}

/** crypto.randomUUID needs a secure context; a phone on the home network has none. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Telegram around the page: who it says the viewer is, its own buttons, and the chat that the story can go on in. */

const SCRIPT = "https://telegram.org/js/telegram-web-app.js";
const DARK = 0.015; // luminance of a ground on which our faintest words can still be read

/** @returns {MiniApp|null} null where the page was not opened inside Telegram */
export function miniApp() {
  const facts = new URLSearchParams(location.hash.slice(1));
  const initData = facts.get("tgWebAppData") || window.Telegram?.WebApp?.initData;
  return initData ? new MiniApp(initData, facts) : null;
}

/** Works without Telegram's script too, which may be slow or blocked; then there are just fewer of its buttons. */
export class MiniApp {
  #app = null;
  #back = () => {};
  #within = false;
  #place = null;

  /** @param {string} initData as Telegram signed it @param {URLSearchParams} facts of the page's address */
  constructor(initData, facts) {
    this.initData = initData;
    /** @type {string|null} what the link said that opened the page */
    this.start = facts.get("tgWebAppStartParam") ?? new URLSearchParams(initData).get("start_param");
    tint(theme(facts).bg_color);
  }

  /**
   * Asks for Telegram's script, and for the chat to be told when the page is left.
   * @param {{back: () => void, left: (session: string, revision: number) => void}} deeds
   */
  open({ back, left }) {
    this.#back = back;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.#place) left(this.#place.session, this.#place.revision);
    });
    const script = document.createElement("script");
    script.addEventListener("load", () => this.#settle());
    Object.assign(script, { src: SCRIPT, async: true });
    document.head.append(script);
  }

  /** Telegram's own way back stands where there is one. @param {boolean} within a story is on the screen */
  show(within) {
    this.#within = within;
    if (within) this.#app?.BackButton.show();
    else this.#app?.BackButton.hide();
  }

  /**
   * Remembers where the story is, if it came there on this page: a chat is not told what it knows.
   * @param {any} view @param {import("./playthrough.js").Cause} cause
   */
  follow({ session, revision, notice }, cause) {
    if (cause === "opened") return;
    this.#place = cause === "elsewhere" || notice ? null : { session, revision };
  }

  /** The chat has been told. @returns {boolean} whether the window closes now */
  close() {
    this.#place = null;
    this.#app?.close();
    return this.#app !== null;
  }

  #settle() {
    const app = window.Telegram?.WebApp;
    if (!app) return;
    this.#app = app;
    app.ready();
    app.expand();
    app.disableClosingConfirmation?.();
    if (app.isVersionAtLeast("7.7")) app.disableVerticalSwipes();
    app.onEvent("themeChanged", () => this.#colour());
    app.BackButton.onClick(() => this.#back());
    document.body.classList.add("telegram");
    this.#colour();
    this.show(this.#within);
  }

  #colour() {
    const ink = tint(this.#app.themeParams.bg_color);
    if (!this.#app.isVersionAtLeast("6.9")) return;
    this.#app.setHeaderColor(ink);
    this.#app.setBackgroundColor(ink);
  }
}

/** Takes Telegram's ground for ours where it is dark enough. @param {string|undefined} ground @returns {string} ours now */
function tint(ground) {
  const { style } = document.documentElement;
  if (/^#[0-9a-f]{6}$/i.test(ground ?? "") && luminance(ground) <= DARK) style.setProperty("--ink", ground);
  else style.removeProperty("--ink");
  return getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
}

/** As https://www.w3.org/TR/WCAG22/#dfn-relative-luminance has it. */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function theme(facts) {
  try {
    return JSON.parse(facts.get("tgWebAppThemeParams")) ?? {};
  } catch {
    return {};
  }
}

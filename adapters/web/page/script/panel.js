/** A sheet that comes up over the player: from below on a phone, from the side on a desk. */

import { element } from "./element.js";
import { icon } from "./icons.js";

export class Panel {
  /**
   * @param {import("./words.js").Words} words
   * @param {{title: string, test: string, kind?: string, closed: () => void}} facts
   * @param {...Node} body
   */
  constructor(words, { title, test, kind = "", closed }, ...body) {
    const close = element("button", {
      type: "button", class: "round", "aria-label": words.say("close"), test: "close-panel", on: { click: () => this.close() },
    }, icon("close"));
    this.body = element("div", { class: "panel-body" }, ...body);
    this.root = element("dialog", { class: `panel ${kind}`, test, "aria-label": title },
      element("header", { class: "panel-head" }, element("h2", { text: title }), close), this.body);
    this.root.addEventListener("click", (event) => event.target === this.root && this.close());
    this.root.addEventListener("close", () => {
      this.root.remove();
      closed();
    });
  }

  /** @param {HTMLElement} parent */
  show(parent) {
    parent.append(this.root);
    this.root.showModal();
  }

  close() {
    this.root.close();
  }
}

/**
 * Two or more views under one head.
 * @param {string} label what they are of
 * @param {{test: string, title: string, view: HTMLElement}[]} pages
 */
export function tabs(label, pages) {
  const buttons = pages.map((page, index) => element("button", {
    type: "button", class: "tab", role: "tab", test: page.test, text: page.title, on: { click: () => pick(index) },
  }));
  const pick = (chosen) => pages.forEach((page, index) => {
    page.view.hidden = index !== chosen;
    buttons[index].setAttribute("aria-selected", String(index === chosen));
    buttons[index].tabIndex = index === chosen ? 0 : -1;
  });
  const row = element("div", { class: "tabs", role: "tablist", "aria-label": label, on: { keydown: (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const next = (buttons.indexOf(document.activeElement) + by + buttons.length) % buttons.length;
    pick(next);
    buttons[next].focus();
  } } }, ...buttons);
  pages.forEach((page) => page.view.setAttribute("role", "tabpanel"));
  pick(0);
  return [row, ...pages.map((page) => page.view)];
}

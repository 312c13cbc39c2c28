/** Short kind sentences that come and go by themselves. */

import { element } from "./element.js";

const STAYS = 4200;

/** @param {string} text */
export function toast(text) {
  const place = document.getElementById("toasts");
  const note = element("p", { class: "toast", test: "toast", text });
  place.replaceChildren(note);
  setTimeout(() => note.classList.add("leaving"), STAYS);
  setTimeout(() => note.remove(), STAYS + 400);
}

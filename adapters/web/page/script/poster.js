/** A story's poster, or a lettered one where there is none. */

import { element } from "./element.js";

/**
 * @param {{id: string, title: string, poster: string|null}} story
 * @param {boolean} eager the first thing on the screen loads at once
 */
export function poster(story, eager = false) {
  const frame = element("div", { class: "poster", "aria-hidden": "true" }, lettered(story));
  frame.style.setProperty("--hue", String(hue(story.id)));
  if (story.poster) {
    const picture = element("img", { src: story.poster, alt: "", loading: eager ? "eager" : "lazy", decoding: "async" });
    picture.addEventListener("error", () => picture.remove());
    frame.append(picture);
  }
  return frame;
}

function lettered(story) {
  return element("span", { class: "poster-letters", text: story.title });
}

/** The same story always gets the same light. */
function hue(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

/** A creator's stories, each with how it stands. */

import { element } from "./element.js";

const LIVE = { no: "not public", yes: "live", earlier: "live, edited since", stopped: "stopped", withdrawn: "withdrawn" };

/**
 * @param {any[]} stories
 * @param {string|null} chosen the one in hand
 * @param {(story: string) => void} choose
 */
export function storyList(stories, chosen, choose) {
  const rows = stories.map((story) => element("li", {}, element("button", {
    type: "button", class: "mine", test: `story-${story.id}`, "aria-current": story.id === chosen ? "true" : null,
    on: { click: () => choose(story.id) },
  },
    element("span", { class: "mine-title", text: story.title }),
    element("span", { class: "mine-facts", text: [story.id, `draft ${story.upload}`, story.role !== "owner" && story.role].filter(Boolean).join(" · ") }),
    element("span", { class: "mine-facts" },
      element("span", { class: `light ${story.live}`, "aria-hidden": "true" }), LIVE[story.live] ?? story.live,
      story.missing > 0 && ` · ${story.missing} clips to come`)),
  ["yes", "earlier"].includes(story.live) && element("a", { class: "watch", href: `/play/${story.id}`, test: `watch-${story.id}`,
    "aria-label": `Watch ${story.title} as viewers do`, text: "Watch" })));
  return element("ul", { class: "mine-list" }, ...rows);
}

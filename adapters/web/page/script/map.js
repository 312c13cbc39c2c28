/** The map panel: the drawing, the path in words, and the way back to any choice on it. */

import { chart } from "./chart.js";
import { element } from "./element.js";
import { endingsList } from "./endings.js";
import { icon } from "./icons.js";
import { Panel, tabs } from "./panel.js";

const ZOOM = { least: 0.35, most: 1.8, step: 1.25, readable: 0.78 };

/**
 * @param {import("./words.js").Words} words
 * @param {any} view
 * @param {any} map
 * @param {(index: number) => void} rewind
 * @param {() => void} closed
 */
export function mapPanel(words, view, map, rewind, closed) {
  const confirm = element("dialog", { class: "confirm", role: "alertdialog", lang: words.language });
  const ask = (step) => question(words, confirm, step, () => { panel.close(); rewind(step.index); });
  const latest = new Map(map.path.map((step) => [step.scene, step]));
  const drawn = chart(map, words.say("map_picture"), new Set(latest.keys()), (scene) => ask(latest.get(scene)));
  const route = element("div", { class: "route", lang: view.language },
    zoomable(words, drawn), pathList(words, map.path, ask));
  const pages = tabs(words.say("map"), [
    { test: "map-tab", title: words.say("map_tab"), view: route },
    { test: "endings-tab", title: words.say("endings_tab"), view: endingsList(words, view.endings, view.language) },
  ]);
  const panel = new Panel(words, { title: view.story.title, test: "map-panel", kind: "large", closed }, ...pages);
  panel.root.append(confirm);
  return panel;
}

function pathList(words, path, ask) {
  const rows = path.map((step) => element("li", { class: "step" },
    element("div", { class: "step-words" },
      element("p", { class: "step-scene", text: step.title }),
      element("p", { class: "step-choice", text: words.say(step.timed_out ? "time_chose" : "you_chose", { label: step.label ?? "" }) })),
    element("button", {
      type: "button", class: "round", test: `rewind-${step.index}`, "aria-label": words.say("rewind_to", { title: step.title }),
      title: words.say("rewind"), on: { click: () => ask(step) },
    }, icon("rewind"))));
  return element("section", { class: "path" },
    element("h3", { text: words.say("your_path") }),
    rows.length ? element("ol", {}, ...rows) : element("p", { class: "hint", text: words.say("path_empty") }));
}

/** A dialog of its own: Escape cancels it, and the browser gives the focus back. */
function question(words, confirm, step, yes) {
  const asked = words.say("rewind_question", { title: step.title });
  const stay = element("button", {
    type: "button", class: "quiet", test: "cancel-rewind", text: words.say("cancel"), on: { click: () => confirm.close() },
  });
  const go = element("button", { type: "button", class: "primary", test: "confirm-rewind", on: { click: yes } },
    icon("rewind"), element("span", { text: words.say("rewind_yes") }));
  confirm.replaceChildren(
    element("div", {}, element("h3", { text: asked }), element("p", { text: words.say("rewind_text") })),
    element("div", { class: "confirm-buttons" }, stay, go));
  confirm.setAttribute("aria-label", asked);
  confirm.onkeydown = (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault(); // Tab would leave for the browser's own bar; between two buttons both ways are one
    (document.activeElement === go ? stay : go).focus();
  };
  confirm.showModal();
  go.focus();
}

/** The drawing in a window that scrolls; it opens on where the viewer is. */
function zoomable(words, drawn) {
  const glass = element("div", { class: "glass", tabindex: 0, role: "group", "aria-label": words.say("map_tab") }, drawn.root);
  let scale = 1;
  const zoom = (to) => {
    const centre = middle(glass, scale);
    scale = Math.min(ZOOM.most, Math.max(ZOOM.least, to));
    drawn.root.style.width = `${drawn.width * scale}px`;
    drawn.root.style.height = `${drawn.height * scale}px`;
    aim(glass, centre, scale);
  };
  const button = (name, key, factor) => element("button", {
    type: "button", class: "round", "aria-label": words.say(key), on: { click: () => zoom(scale * factor) },
  }, icon(name));
  new ResizeObserver((_, watcher) => {
    if (!glass.clientWidth) return;
    watcher.disconnect();
    zoom(Math.min(1, Math.max(ZOOM.readable, glass.clientWidth / drawn.width)));
    aim(glass, drawn.here ?? { x: drawn.width / 2, y: 0 }, scale);
  }).observe(glass);
  return element("div", { class: "window" }, glass,
    element("div", { class: "zoom" }, button("plus", "zoom_in", ZOOM.step), button("minus", "zoom_out", 1 / ZOOM.step)));
}

function middle(glass, scale) {
  return { x: (glass.scrollLeft + glass.clientWidth / 2) / scale, y: (glass.scrollTop + glass.clientHeight / 2) / scale };
}

function aim(glass, point, scale) {
  glass.scrollTo(point.x * scale - glass.clientWidth / 2, point.y * scale - glass.clientHeight / 2);
}

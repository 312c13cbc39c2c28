/** The map of a draft: every scene of it, where the test play stands, and a press on a scene plays from there. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { drawingOf } from "./studio-drawing.js";
import { Glass } from "./studio-glass.js";

const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class StudioMap {
  #api; #play;
  #glass = new Glass("The map. Arrow keys move it, plus and minus zoom, zero shows all of it.");
  #name = element("h2", { class: "map-name", text: "Map" });
  #note = element("p", { class: "map-note", role: "status", test: "map-note" });
  #heat; #wanted = null; #drawn = ""; #story = null; #here = null; #asked = null;

  /** @param {import("./studio-api.js").StudioApi} api @param {(story: string, scene: string) => void} play from that scene */
  constructor(api, play) {
    this.#api = api;
    this.#play = play;
    this.#heat = element("button", { type: "button", class: "key small", "aria-pressed": "false", test: "heat", text: "🎲 Heat",
      title: "How many random plays come where", on: { click: () => this.#warm() } });
    const tool = (name, label, test, deed) => element("button", { type: "button", class: "round", "aria-label": label, title: label,
      test, on: { click: deed } }, icon(name));
    this.root = element("section", { class: "map-pane", "aria-label": "Map", test: "map" },
      element("header", { class: "map-head" }, this.#name, this.#heat),
      element("div", { class: "map-window" }, this.#glass.root, this.#note,
        element("div", { class: "map-tools" },
          tool("plus", "Zoom in", "zoom-in", () => this.#glass.zoom(true)),
          tool("minus", "Zoom out", "zoom-out", () => this.#glass.zoom(false)),
          tool("fit", "Show all of it", "fit", () => this.#glass.fit()))));
    this.#glass.root.addEventListener("click", (event) => this.#pressed(event));
    this.#glass.root.addEventListener("keydown", (event) => this.#key(event));
    // It is drawn when somebody looks at it: on a phone it lies behind a tab.
    new ResizeObserver(() => this.#look()).observe(this.root);
  }

  /** @param {{id: string, upload: number}|null} story as it is now */
  want(story) {
    this.#wanted = story;
    if (story?.id !== this.#story) this.#cool();
    this.#look();
  }

  /** With how often each scene is visited. @param {boolean} on */
  heat(on) {
    this.#heat.setAttribute("aria-pressed", String(on));
    this.#look();
  }

  /** @param {string|null} scene where the test play stands */
  mark(scene) {
    this.#here = scene;
    for (const plate of this.#plates()) {
      const here = plate.dataset.scene === scene;
      plate.classList.toggle("here", here);
      if (here) plate.setAttribute("aria-current", "true");
      else plate.removeAttribute("aria-current");
      plate.setAttribute("tabindex", here ? "0" : "-1");
      if (here) this.#glass.reveal(plate);
    }
    if (!this.#glass.root.querySelector("[data-scene][tabindex='0']")) this.#plates()[0]?.setAttribute("tabindex", "0");
  }

  #plates() {
    return [...this.#glass.root.querySelectorAll("[data-scene]")];
  }

  get #warmed() {
    return this.#heat.getAttribute("aria-pressed") === "true";
  }

  #warm() {
    this.heat(!this.#warmed);
  }

  #cool() {
    this.#heat.setAttribute("aria-pressed", "false");
  }

  async #look() {
    const story = this.#wanted;
    this.#heat.hidden = !story;
    if (!story) {
      [this.#drawn, this.#story] = ["", null];
      this.#glass.clear();
      this.#name.textContent = "Map";
      this.#note.textContent = "Send a story, and its map is drawn here.";
      return;
    }
    const key = `${story.id} ${story.upload} ${this.#warmed}`;
    if (!this.root.clientWidth || key === this.#drawn) return;
    this.#drawn = key;
    this.#asked?.abort();
    this.#asked = new AbortController();
    await this.#fetch(story, this.#asked.signal);
  }

  async #fetch(story, signal) {
    this.#note.textContent = this.#warmed ? "Playing at random…" : "Drawing…";
    this.root.setAttribute("aria-busy", "true");
    try {
      const drawing = drawingOf(await this.#api.map(story.id, this.#warmed, signal));
      const first = drawing.querySelector(`[data-scene="${CSS.escape(this.#here ?? "")}"]`) ?? drawing.querySelector("[data-scene]");
      this.#glass.show(this.#ready(drawing), this.#story === story.id, first);
      this.#story = story.id;
      this.#name.textContent = story.id;
      this.#note.textContent = "";
      this.mark(this.#here);
    } catch (problem) {
      if (signal.aborted) return;
      this.#drawn = "";
      this.#note.textContent = problem.message;
    } finally {
      if (!signal.aborted) this.root.removeAttribute("aria-busy");
    }
  }

  #ready(drawing) {
    for (const plate of drawing.querySelectorAll("[data-scene]")) {
      plate.setAttribute("role", "button");
      plate.setAttribute("aria-label", `Play from ${plate.dataset.scene}`);
      plate.setAttribute("tabindex", "-1");
      plate.classList.add("scene-plate");
    }
    drawing.setAttribute("class", "map-drawing");
    return drawing;
  }

  #pressed(event) {
    const plate = event.target.closest("[data-scene]");
    if (plate) this.#play(this.#story, plate.dataset.scene);
  }

  /** Arrow keys go from scene to scene; Enter plays from the one that has the focus. */
  #key(event) {
    const plate = event.target.closest("[data-scene]");
    if (!plate) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#play(this.#story, plate.dataset.scene);
    } else if (TOWARDS[event.key]) {
      event.preventDefault();
      const next = nearest(plate, this.#plates(), TOWARDS[event.key]);
      if (!next) return;
      plate.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus({ preventScroll: true });
      this.#glass.reveal(next);
    }
  }
}

/** The plate that lies nearest in a direction; what lies aside counts as farther away. */
function nearest(from, plates, [right, down]) {
  const here = middle(from);
  let [best, least] = [null, Infinity];
  for (const plate of plates) {
    const to = middle(plate);
    const ahead = (to.x - here.x) * right + (to.y - here.y) * down;
    const aside = Math.abs((to.x - here.x) * down) + Math.abs((to.y - here.y) * right);
    if (ahead > 1 && ahead + 2 * aside < least) [best, least] = [plate, ahead + 2 * aside];
  }
  return best;
}

function middle(plate) {
  const box = plate.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

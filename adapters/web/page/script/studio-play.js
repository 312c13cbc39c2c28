/** A test play: the scene's clip upright as on a phone, what is said and can be chosen over it, and a writer's lines below. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { button, buttons, sheetLines } from "./studio-sheet.js";

const CHOICE = "c "; // what a choice's button begins with

export class StudioPlay {
  #deeds;
  #picture = element("div", { class: "take-frame" });
  #shown = "";
  #sound = element("button", { type: "button", class: "round sound", hidden: true, on: { click: () => this.#unmute() } });

  /** @param {{press: (about: string, button: HTMLElement) => void, write: (text: string) => void, commands: string[]}} deeds */
  constructor(deeds) {
    this.#deeds = deeds;
    this.root = element("section", { class: "test-play", "aria-label": "Test play", test: "play", hidden: true });
  }

  /** @param {import("./studio-api.js").Sheet|null} sheet one with a scene */
  show(sheet) {
    this.root.hidden = !sheet;
    if (!sheet) return this.#still();
    const { said, way, spoken, debug } = parted(sheet.lines);
    const choices = sheet.rows.flat().filter((key) => key.about.startsWith(CHOICE));
    const controls = sheet.rows.map((row) => row.filter((key) => !key.about.startsWith(CHOICE))).filter((row) => row.length);
    const [title, ...lines] = spoken;
    this.#draw(sheet.scene);
    this.root.dataset.scene = sheet.scene.id;
    this.root.dataset.story = sheet.scene.story;
    this.root.dataset.upload = sheet.scene.upload;
    this.root.replaceChildren(
      element("div", { class: "phone" }, this.#picture,
        element("header", { class: "phone-head" }, ...(title ? sheetLines([title], this.#deeds) : []), this.#sound),
        element("div", { class: "phone-foot" },
          element("div", { class: "spoken", tabindex: lines.length > 4 ? 0 : null, role: "group", "aria-label": "What is said",
            test: "spoken" }, ...sheetLines(lines, this.#deeds)),
          said.length > 0 && element("div", { class: "said", role: "status", test: "said" }, ...sheetLines(said, this.#deeds)),
          element("div", { class: "phone-choices" }, ...choices.map((key, number) => this.#choice(key, number))))),
      element("div", { class: "behind" },
        element("div", { class: "controls" }, ...buttons([controls.flat()], this.#deeds)),
        debug.length > 0 && element("div", { class: "debug", test: "debug" }, ...sheetLines(debug, this.#deeds)),
        way.length > 0 && element("details", { class: "way" }, element("summary", { text: "On the way here" }),
          ...sheetLines(way, this.#deeds))));
    this.root.querySelector(".spoken").scrollTop = 1e6;
  }

  #choice(key, number) {
    const locked = key.label.startsWith("🔒");
    return button(key, this.#deeds, { class: locked ? "choice locked" : "choice", test: `choice-${number}` });
  }

  /** The picture stays as it is while the scene does: values may change under it. */
  #draw(scene) {
    const key = `${scene.story} ${scene.id} ${scene.clip ? scene.clip.link.split("?")[0] : scene.still}`;
    if (key === this.#shown) return;
    this.#still();
    this.#shown = key;
    this.#sound.hidden = true;
    if (scene.clip) this.#picture.replaceChildren(this.#video(scene));
    else if (scene.still) this.#picture.replaceChildren(still(scene.still));
  }

  #video(scene) {
    const video = element("video", { class: "take", playsinline: true, preload: "auto", test: "clip", src: scene.clip.link,
      "aria-label": `The clip of ${scene.id}`, on: { click: () => (video.paused ? video.play() : video.pause()),
        error: () => this.#picture.classList.add("gone"), playing: () => this.#picture.classList.remove("gone") } });
    video.play().catch((problem) => {
      if (problem.name !== "NotAllowedError") return;
      video.muted = true;
      this.#sound.replaceChildren(icon("mute"));
      this.#sound.setAttribute("aria-label", "Sound on");
      this.#sound.hidden = false;
      video.play().catch(() => {});
    });
    return video;
  }

  #unmute() {
    const video = this.#picture.querySelector("video");
    if (video) video.muted = false;
    this.#sound.hidden = true;
  }

  #still() {
    this.#shown = "";
    this.#picture.querySelector("video")?.pause();
    this.#picture.classList.remove("gone");
    this.#picture.replaceChildren();
  }
}

function still(drawing) {
  return element("img", { class: "take", alt: "", src: `data:image/svg+xml,${encodeURIComponent(drawing)}` });
}

/** A report that stands above a test play, apart from it: an empty line is between them. @param {any[][]} lines */
export function reported(lines) {
  const at = lines.findIndex((line) => !line.length);
  return at < 0 ? { report: [], lines } : { report: lines.slice(0, at), lines: lines.slice(at + 1) };
}

/** The lines of a test play by what they are: what the studio says first, scenes passed, the scene's own, and a writer's. */
function parted(lines) {
  const quiet = (line) => line.every((span) => span.style === "quiet");
  const begins = lines.findIndex((line) => !quiet(line));
  const ends = lines.findLastIndex((line) => !quiet(line)) + 1;
  const told = lines.slice(begins, ends);
  const here = Math.max(0, told.findLastIndex((line) => line[0]?.text === "🎬 "));
  return { said: lines.slice(0, begins), way: told.slice(0, here), spoken: told.slice(here), debug: lines.slice(ends) };
}

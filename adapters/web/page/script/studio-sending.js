/** Files on their way: chosen, or dropped anywhere on the page; one after the other, stories before clips. */

import { uuid } from "./api.js";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { packed } from "./studio-folder.js";

const STORY = /\.(zip|ya?ml|txt)$/i;
const CLEARED_AFTER = 5000; // ms that a list without trouble stays

/**
 * @typedef {Object} SendingListener
 * @property {() => string|null} story the one in hand, which clips are for
 * @property {(sheet: import("./studio-api.js").Sheet, isStory: boolean) => void} came
 * @property {() => void} done every file is through
 */
export class Sending {
  #api; #listener; #queue = []; #busy = false; #most = Infinity; #clearing = 0; #troubled = false;
  #input = element("input", { type: "file", multiple: true, class: "unseen", tabindex: -1, "aria-label": "A story, or clips", test: "file",
    accept: ".zip,.yaml,.yml,.txt,.mp4,.m4v,.mov,.webm,video/*", on: { change: () => this.#chosen() } });
  #list = element("ul", { class: "parcels", "aria-live": "polite", test: "parcels" });
  #curtain = element("div", { class: "drop-curtain", hidden: true, "aria-hidden": "true" },
    element("p", { class: "drop-words" }, icon("send"), "Let go to send"));

  /** @param {import("./studio-api.js").StudioApi} api @param {SendingListener} listener */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
    this.root = element("div", { class: "sending" }, this.#input, this.#list);
    document.body.append(this.#curtain);
    this.#droppable();
  }

  /** @param {number} most bytes of a file */
  limit(most) {
    this.#most = most;
  }

  /** @param {string} label @param {string} [kind] */
  button(label, kind = "primary") {
    return element("button", { type: "button", class: kind, test: "send", on: { click: () => this.#input.click() } },
      icon("send"), element("span", { text: label }));
  }

  #chosen() {
    this.#send([...this.#input.files]);
    this.#input.value = ""; // the same file, mended, may be chosen again
  }

  #droppable() {
    const files = (event) => event.dataTransfer?.types.includes("Files");
    let over = 0;
    const show = (by) => { over = Math.max(0, over + by); this.#curtain.hidden = over === 0; };
    addEventListener("dragenter", (event) => files(event) && show(1));
    addEventListener("dragleave", (event) => files(event) && show(-1));
    addEventListener("dragover", (event) => files(event) && event.preventDefault());
    addEventListener("drop", async (event) => {
      if (!files(event)) return;
      event.preventDefault();
      show(-over);
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
      const dropped = [...event.dataTransfer.files];
      try {
        this.#send(await Promise.all(dropped.map((file, index) => (entries[index]?.isDirectory ? packed(entries[index]) : file))));
      } catch (problem) {
        this.#row(dropped[0]?.name ?? "folder").fail(problem.message);
      }
    });
  }

  async #send(files) {
    if (!files.length) return;
    clearTimeout(this.#clearing);
    if (!this.#busy) this.#fresh();
    const sorted = files.toSorted((one, two) => STORY.test(two.name) - STORY.test(one.name));
    this.#queue.push(...sorted.map((file) => ({ file, row: this.#row(file.name) })));
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length) await this.#one(this.#queue.shift());
    this.#busy = false;
    this.#listener.done();
    if (!this.#troubled) this.#clearing = setTimeout(() => this.#fresh(), CLEARED_AFTER);
  }

  /** What arrived is old news once something else is done. */
  tidy() {
    if (!this.#busy && !this.#troubled) this.#fresh();
  }

  #fresh() {
    this.#troubled = false;
    this.#list.replaceChildren();
  }

  async #one({ file, row }) {
    if (file.size > this.#most) {
      row.fail(`A file may have ${Math.floor(this.#most / 1048576)} MB. Send the story alone, then each clip.`);
      return;
    }
    const isStory = STORY.test(file.name);
    try {
      const sheet = await this.#api.file(uuid(), file, file.name, isStory ? "" : this.#caption(file.name), (share) => row.move(share));
      const text = sheet.lines[0]?.map((span) => span.text).join("") ?? "";
      if (isStory) row.leave(); // the sheet says it
      else if (text.startsWith("🎞")) row.done(text);
      else row.fail(text);
      this.#listener.came(sheet, isStory);
    } catch (problem) {
      row.fail(problem.message);
    }
  }

  /** A clip is its scene's by its name: whistle.mp4 is that of "whistle". */
  #caption(name) {
    const scene = name.replace(/\.[^.]*$/, "");
    const story = this.#listener.story();
    return story && !/\s/.test(scene) ? `${story} ${scene}` : scene;
  }

  #row(name) {
    const bar = element("progress", { max: 1, value: 0, "aria-label": `Sending ${name}` });
    const said = element("span", { class: "parcel-said", text: "waiting" });
    const root = element("li", { class: "parcel" }, element("span", { class: "parcel-name", text: name }), said, bar);
    this.#list.append(root);
    const end = (kind, text) => { bar.remove(); root.classList.add(kind); said.textContent = text; };
    return {
      move: (share) => {
        said.textContent = share < 1 ? `${Math.round(share * 100)} %` : "looking at it…";
        if (share < 1) bar.value = share;
        else bar.removeAttribute("value"); // how long that takes nobody knows
      },
      leave: () => root.remove(),
      done: (text) => end("arrived", text),
      fail: (text) => { this.#troubled = true; end("failed", text); },
    };
  }
}

/** A window on something large: dragged with a finger or a mouse, zoomed with two, the wheel, a double click or keys. */

import { element } from "./element.js";

const MOST = 4;
const STEP = 1.3;
const STRIDE = 60; // pixels for an arrow key
const SLIP = 6; // pixels below which a press is no drag
const READABLE = 0.62; // below this nobody reads what stands on it
const LEGIBLE = 0.45; // a thing that fits at this scale is shown whole at first
const EDGE = 40; // pixels of the thing that always stay in sight

export class Glass {
  #thing = null; #width = 1; #height = 1;
  #x = 0; #y = 0; #scale = 1;
  #fingers = new Map(); #dragged = false;

  /** @param {string} label */
  constructor(label) {
    this.root = element("div", { class: "map-glass", tabindex: 0, role: "group", "aria-label": label, test: "glass", on: {
      wheel: (event) => { event.preventDefault(); this.#at(event, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016))); },
      pointerdown: (event) => this.#down(event),
      pointermove: (event) => this.#move(event),
      pointerup: (event) => this.#up(event),
      pointercancel: (event) => this.#up(event),
      dblclick: (event) => event.target.closest("[data-scene]") || this.#at(event, STEP * STEP),
      keydown: (event) => this.#key(event),
    } });
    this.root.addEventListener("click", (event) => {
      if (this.#dragged) event.stopPropagation(); // it was moved, not pressed
    }, true);
    new ResizeObserver(() => this.#thing && this.#place()).observe(this.root);
  }

  /**
   * @param {SVGSVGElement} thing with a width and a height
   * @param {boolean} stay where the last one stood
   * @param {Element|null} part of a large thing, which is shown first
   */
  show(thing, stay, part) {
    this.#thing = thing;
    this.#width = Number(thing.getAttribute("width")) || 1;
    this.#height = Number(thing.getAttribute("height")) || 1;
    this.root.replaceChildren(thing);
    if (stay) return this.#place();
    this.fit();
    if (part && this.#scale < LEGIBLE) this.#near(part);
  }

  clear() {
    this.#thing = null;
    this.root.replaceChildren();
  }

  /** All of it, in the middle. */
  fit() {
    const { clientWidth, clientHeight } = this.root;
    this.#scale = this.#least();
    this.#x = (clientWidth - this.#width * this.#scale) / 2;
    this.#y = Math.max(0, (clientHeight - this.#height * this.#scale) / 2);
    this.#place();
  }

  /** @param {boolean} closer */
  zoom(closer) {
    this.#by(closer ? STEP : 1 / STEP, this.root.clientWidth / 2, this.root.clientHeight / 2);
  }

  /** Close enough to read, and as much of what is around the part as there is room for. */
  #near(part) {
    this.#by(READABLE / this.#scale, 0, 0);
    const [box, frame] = [part.getBoundingClientRect(), this.root.getBoundingClientRect()];
    this.#x = Math.min(0, this.#x + frame.left + frame.width / 2 - (box.left + box.width / 2));
    this.#y = Math.min(0, this.#y + frame.top + frame.height / 2 - (box.top + box.height / 2));
    this.#place();
  }

  /** Moves a part of it into sight, if it is out of it. @param {Element} part */
  reveal(part) {
    const [box, frame] = [part.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom) return;
    this.#x += frame.left + frame.width / 2 - (box.left + box.width / 2);
    this.#y += frame.top + frame.height / 2 - (box.top + box.height / 2);
    this.#place();
  }

  get scale() {
    return this.#scale;
  }

  #least() {
    return Math.min(1, this.root.clientWidth / this.#width, this.root.clientHeight / this.#height) || 0.1;
  }

  #at(event, factor) {
    const frame = this.root.getBoundingClientRect();
    this.#by(factor, event.clientX - frame.left, event.clientY - frame.top);
  }

  /** The point under the hand stays there. */
  #by(factor, x, y) {
    const scale = Math.min(MOST, Math.max(this.#least() * 0.8, this.#scale * factor));
    this.#x = x - (x - this.#x) * (scale / this.#scale);
    this.#y = y - (y - this.#y) * (scale / this.#scale);
    this.#scale = scale;
    this.#place();
  }

  #place() {
    const kept = (at, size, room) => Math.min(room - EDGE, Math.max(EDGE - size, at));
    this.#x = kept(this.#x, this.#width * this.#scale, this.root.clientWidth);
    this.#y = kept(this.#y, this.#height * this.#scale, this.root.clientHeight);
    this.#thing.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
    this.root.dataset.scale = this.#scale.toFixed(3);
  }

  #down(event) {
    if (event.button > 0) return;
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#fingers.size === 1) this.#dragged = false;
  }

  #move(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!this.#dragged) {
      if (Math.hypot(now.x - before.x, now.y - before.y) < SLIP && this.#fingers.size === 1) return;
      this.#dragged = true;
      this.root.setPointerCapture(event.pointerId);
    }
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.#pinch(before, now, other);
    else this.#pan(now.x - before.x, now.y - before.y);
    this.#fingers.set(event.pointerId, now);
  }

  #pan(x, y) {
    this.#x += x;
    this.#y += y;
    this.#place();
  }

  #pinch(before, now, other) {
    const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    this.#pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    this.#at({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 }, apart(now) / apart(before));
  }

  #up(event) {
    this.#fingers.delete(event.pointerId);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = {
      "+": () => this.zoom(true), "=": () => this.zoom(true), "-": () => this.zoom(false), 0: () => this.fit(),
      ...(event.target === this.root && {
        ArrowLeft: () => this.#pan(STRIDE, 0), ArrowRight: () => this.#pan(-STRIDE, 0),
        ArrowUp: () => this.#pan(0, STRIDE), ArrowDown: () => this.#pan(0, -STRIDE),
      }),
    }[event.key];
    if (!deed || !this.#thing) return;
    event.preventDefault();
    deed();
  }
}

/** The map as a drawing: scenes as plates, the ways between them as threads. */

import { drawing } from "./element.js";
import { layout } from "./layout.js";

const PLATE = { width: 130, height: 50 };
const STEP = { x: 148, y: 98 };
const MARGIN = 28;
const LINE = 15; // half-letters that fit on one line of a plate
const WIDE = /[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]/u;

/**
 * @param {{scenes: any[], edges: any[]}} map
 * @param {string} label for screen readers
 * @param {Set<string>} returnable scenes that can be gone back to
 * @param {(scene: string) => void} pick
 * @returns {{root: SVGElement, width: number, height: number, here: {x: number, y: number}|null}}
 */
export function chart(map, label, returnable, pick) {
  const plan = layout(map.scenes.map((scene) => scene.id), map.edges);
  const width = Math.max(plan.width, 1) * STEP.x + 2 * MARGIN;
  const height = (plan.layers - 1) * STEP.y + PLATE.height + 2 * MARGIN;
  const at = (spot) => ({ x: width / 2 + spot.place * STEP.x, y: MARGIN + PLATE.height / 2 + spot.layer * STEP.y });
  const walked = new Set(map.edges.filter((edge) => edge.walked).map((edge) => `${edge.from} ${edge.to}`));
  const threads = plan.lines.map((line) => thread(line, plan.spots, at, walked.has(`${line.from} ${line.to}`), width));
  threads.sort((one, two) => one.classList.contains("walked") - two.classList.contains("walked"));
  const plates = map.scenes.map((scene) => plate(scene, at(plan.spots.get(scene.id)), returnable.has(scene.id), pick));
  const here = map.scenes.find((scene) => scene.here);
  const root = drawing("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...threads, ...plates);
  return { root, width, height, here: here ? at(plan.spots.get(here.id)) : null };
}

function thread(line, spots, at, walked, width) {
  const from = at(spots.get(line.from));
  const to = at(spots.get(line.to));
  const classes = `thread${walked ? " walked" : ""}${line.back ? " returning" : ""}`;
  return drawing("path", { class: classes, d: line.back ? around(from, to, width) : down([from, ...line.via.map(at), to]) });
}

/** From plate to plate, swinging softly through the bends. */
function down(points) {
  const half = PLATE.height / 2;
  const stops = points.map((point) => ({ ...point }));
  stops[0].y += half;
  stops.at(-1).y -= half;
  let d = `M${stops[0].x} ${stops[0].y}`;
  for (let index = 1; index < stops.length; index += 1) {
    const [one, two] = [stops[index - 1], stops[index]];
    const swing = (two.y - one.y) / 2;
    d += ` C${one.x} ${one.y + swing} ${two.x} ${two.y - swing} ${two.x} ${two.y}`;
  }
  return d;
}

/** A way back up leaves and arrives at the side. */
function around(from, to, width) {
  const side = from.x >= width / 2 ? 1 : -1;
  const out = side * (PLATE.width / 2);
  const far = (side > 0 ? Math.max(from.x, to.x) : Math.min(from.x, to.x)) + out + side * 22;
  return `M${from.x + out} ${from.y} C${far} ${from.y} ${far} ${to.y} ${to.x + out} ${to.y}`;
}

function plate(scene, { x, y }, returnable, pick) {
  const classes = ["plate", scene.seen ? "seen" : "dark", scene.here && "here", scene.ending && "final", returnable && "returnable"];
  const words = scene.seen ? wrapped(scene.title || scene.id) : ["?"];
  const lines = words.map((text, index) => drawing("tspan", { x: 0, dy: index ? 17 : 0, text }));
  const size = scene.seen ? PLATE : { width: 46, height: 46 };
  const box = { x: -size.width / 2, y: -size.height / 2, ...size, rx: scene.seen ? 10 : 23 };
  const node = drawing("g", { class: classes.filter(Boolean).join(" "), transform: `translate(${x} ${y})` },
    drawing("rect", box),
    scene.ending && scene.seen && drawing("rect", { class: "inner", x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6, rx: 7 }),
    drawing("text", { y: words.length > 1 ? -3.5 : 5 }, ...lines));
  if (returnable) node.addEventListener("click", () => pick(scene.id));
  return node;
}

/** At most two lines; what does not fit ends in an ellipsis. */
function wrapped(title) {
  const parts = title.match(WIDE) ? Array.from(title) : title.split(/(?<=\s)/);
  const lines = [""];
  for (const part of parts) {
    if (size(lines.at(-1) + part.trimEnd()) > LINE && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += part;
  }
  const fit = lines.slice(0, 2).map((line) => shortened(line.trim()));
  if (lines.length > 2) fit[1] = shortened(`${fit[1]} ${lines[2]}`);
  return fit;
}

function shortened(line) {
  const letters = Array.from(line);
  if (size(line) <= LINE) return line;
  while (size(letters.join("")) > LINE - 1) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

function size(text) {
  return Array.from(text).reduce((sum, letter) => sum + (WIDE.test(letter) ? 1.75 : 1), 0);
}

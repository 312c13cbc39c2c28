/** A sheet as a card: its lines, picture, file and buttons. Whatever it says is somebody's text and stays text. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

const TAGS = { bold: "strong", code: "code", quiet: "small", "": "span" };
const TO_COPY = /^(https?:\/\/|\/(from|join) )/;

/**
 * @param {import("./studio-api.js").Sheet} sheet
 * @param {{press: (about: string, button: HTMLElement) => void, write: (text: string) => void, commands: string[]}} deeds
 * @returns {HTMLElement}
 */
export function card(sheet, deeds) {
  const wrong = sheet.lines[0]?.[0]?.text.startsWith("❌");
  return element("article", { class: wrong ? "sheet wrong" : "sheet", test: "sheet" },
    ...sheetLines(sheet.lines, deeds), picture(sheet.picture), file(sheet.document), ...buttons(sheet.rows, deeds));
}

/** The lines alone. */
export function sheetLines(lines, deeds) {
  const told = lines.filter((line) => line.length);
  return told.map((line) => element("p", { class: "sheet-line" }, ...line.flatMap((span) => words(span, deeds))));
}

/** Rows of buttons. */
export function buttons(rows, deeds) {
  return rows.map((row) => element("div", { class: "keys" }, ...row.map((key) => button(key, deeds))));
}

/** One button. */
export function button(key, deeds, traits = {}) {
  if (/^https?:/.test(key.link)) return element("a", { class: "key", href: key.link, rel: "noopener", text: key.label });
  return element("button", { type: "button", class: "key", "data-about": key.about, text: key.label, ...traits,
    on: { click: (event) => deeds.press(key.about, event.currentTarget) } });
}

function words(span, deeds) {
  const command = span.text.match(/^\/([a-z]+)/);
  if (command && span.style !== "code" && deeds.commands.includes(command[1])) return asCommand(span, command, deeds);
  const said = element(TAGS[span.style] ?? "span", { class: span.style === "code" ? "code" : null, text: span.text });
  return TO_COPY.test(span.text) && span.style === "code" ? [said, copier(span.text)] : [said];
}

/** What can be written is written into the field by a press. */
function asCommand(span, command, deeds) {
  const name = element("button", { type: "button", class: "written-command", text: command[0],
    on: { click: () => deeds.write(`${command[0]} `) } });
  return [name, element(TAGS[span.style], { text: span.text.slice(command[0].length) })];
}

function copier(text) {
  return element("button", { type: "button", class: "copy", "aria-label": "Copy", title: "Copy", test: "copy",
    on: { click: () => copied(text) } }, icon("copy"));
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("This browser does not let the page copy. Mark the text and copy it.");
  }
}

function picture(data) {
  return data && element("img", { class: "sheet-picture", src: `data:image/png;base64,${data}`, alt: "A picture of the story's map" });
}

function file(document) {
  if (!document) return null;
  const link = URL.createObjectURL(new Blob([bytes(document.data)], { type: "application/octet-stream" }));
  return element("a", { class: "key download", href: link, download: document.name, test: "download" }, "⤓ ", document.name);
}

function bytes(data) {
  return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
}

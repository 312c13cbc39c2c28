/** How others come in: a code for their phone's camera, and a link. */

import { element } from "./element.js";
import { icon } from "./icons.js";
import { Panel } from "./panel.js";
import { toast } from "./toast.js";

/**
 * The code with what it is for; beside the picture on a wide screen, in a sheet on a phone.
 * @param {import("./words.js").Words} words
 * @param {{code: string, link: string, local: boolean, hosts: boolean}} room `local`: nobody else can open the link
 */
export function invitation(words, room) {
  const image = element("img", { class: "qr", src: `/room/${encodeURIComponent(room.code)}/qr.svg`, alt: words.say("room_qr"), width: 240, height: 240 });
  const share = navigator.share && action(words, "share", "room_send", () => navigator.share({ title: "Cliffhanger", url: room.link }).catch(() => {}));
  return element("div", { class: "invitation" }, image,
    element("p", { class: "invitation-text", text: words.say("room_scan") }),
    room.local && room.hosts && element("p", { class: "hint invitation-local", test: "local", text: words.say("room_local") }),
    element("p", { class: "invitation-link", test: "room-link", text: room.link.replace(/^https?:\/\//, "") }),
    element("p", { class: "hint", test: "room-code", text: words.say("room_code_elsewhere", { code: room.code }) }),
    element("div", { class: "invitation-buttons" }, share, action(words, "copy", "room_copy", () => copy(words, room.link))));
}

/** @param {import("./words.js").Words} words @param {{code: string, link: string, local: boolean, hosts: boolean}} room @param {() => void} closed */
export function invitationPanel(words, room, closed) {
  return new Panel(words, { title: words.say("invite"), test: "invite-panel", kind: "small", closed }, invitation(words, room));
}

function action(words, mark, key, deed) {
  return element("button", { type: "button", class: "quiet", test: mark, on: { click: deed } }, icon(mark), element("span", { text: words.say(key) }));
}

/** The clipboard needs a secure context; a phone on the home network has none. */
async function copy(words, link) {
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    const field = element("textarea", { class: "unseen", text: link });
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(words.say("room_copied"));
}

/** What covers a room's picture: before it begins, where it waits for others, where it parts, and at its end. */

import { element } from "./element.js";
import { kind } from "./endings.js";
import { icon } from "./icons.js";
import { invitation } from "./invitation.js";

/**
 * Before the beginning: friends come in, and the host lets it begin.
 * @param {import("./words.js").Words} words
 * @param {{code: string, link: string, local: boolean, title: string, language: string, hosts: boolean}} room
 * @param {() => void} begin
 */
export function lobby(words, room, begin) {
  return curtain("lobby", [
    element("p", { class: "kicker", text: words.say("watch_together") }),
    element("h2", { class: "ending-title", tabindex: -1, lang: room.language, text: room.title }),
    invitation(words, room),
  ], [
    element("p", { class: "lobby-here", role: "status", test: "lobby-here" }),
    room.hosts ? button("begin", "play", words.say("room_begin"), begin, true)
      : element("p", { class: "hint", text: words.say("room_lobby") }),
  ]);
}

/**
 * The group has split, and this viewer has wanted neither way: with whom to go.
 * @param {import("./words.js").Words} words
 * @param {{side: string, other: string}} fork labels
 * @param {{stay: () => void, go: () => void}} deeds
 */
export function forkCurtain(words, fork, deeds) {
  return curtain("fork", [
    element("p", { class: "kicker", text: words.say("room_forked") }),
    element("h2", { class: "ending-title small", tabindex: -1, text: words.say("room_fork_which") }),
    element("p", { class: "hint", text: words.say("room_fork_else", { label: fork.side }) }),
  ], [
    button("fork-stay", "play", fork.side, deeds.stay, true),
    button("fork-go", "play", fork.other, deeds.go, false),
  ]);
}

/** The host is asked whether the group splits. @param {import("./words.js").Words} words @param {{choice: string, other: string}} asked labels */
export function askCurtain(words, asked, hosts, deeds) {
  const text = words.say("room_near", { one: asked.choice, other: asked.other });
  return curtain("ask-split", [
    element("p", { class: "kicker", text: words.say("room_near_tie") }),
    element("h2", { class: "ending-title small", tabindex: -1, text }),
    !hosts && element("p", { class: "hint", text: words.say("room_host_decides") }),
  ], hosts ? [
    button("split", "together", words.say("room_split"), deeds.split, true),
    button("stay-together", "check", words.say("room_together"), deeds.together, false),
  ] : []);
}

/** It waits for the others. @param {import("./words.js").Words} words @param {{hosts: boolean}} room @param {() => void} goOn */
export function meetingCurtain(words, room, goOn) {
  return curtain("meeting", [
    element("span", { class: "spinner-small", "aria-hidden": "true" }),
    element("h2", { class: "ending-title small", tabindex: -1, text: words.say("room_meeting") }),
    element("p", { class: "hint", text: words.say("room_meeting_text") }),
    element("p", { class: "meeting-left", test: "meeting-left" }),
  ], room.hosts ? [button("go-on", "play", words.say("room_go_on"), goOn, true)] : []);
}

/**
 * The end, or a story that goes no further for a group.
 * @param {import("./words.js").Words} words
 * @param {{over: string, story: {title: string}, language: string, recap: string|null}} room
 * @param {any} card the last one
 * @param {{again: () => void, alone: () => void, back: () => void}} deeds
 */
export function overCurtain(words, room, card, deeds) {
  const ended = room.over === "ending" && card?.ending;
  return curtain("room-over", [
    element("p", { class: "kicker", text: ended ? kind(words, card.ending.kind) : words.say("room_is_over") }),
    element("h2", { class: "ending-title", tabindex: -1, lang: room.language, text: ended ? card.ending.title : room.story.title }),
    element("p", { class: "hint", text: words.say(`room_over_${room.over}`) }),
    room.recap && element("a", { class: "quiet share", href: room.recap, target: "_blank", rel: "noopener", test: "recap" }, icon("map"), element("span", { text: words.say("room_recap") })),
  ], [
    button("again", "together", words.say("room_again"), deeds.again, true),
    button("alone", "play", words.say("room_alone"), deeds.alone, false),
    button("to-stories", "back", words.say("back"), deeds.back, false),
  ]);
}

/** There is no such room. @param {import("./words.js").Words} words @param {() => void} back */
export function strangeCurtain(words, back) {
  return curtain("no-room", [
    element("h2", { class: "ending-title small", tabindex: -1, text: words.say("room_unknown") }),
    element("p", { class: "hint", text: words.say("room_unknown_text") }),
  ], [button("to-stories", "back", words.say("back"), back, true)]);
}

function curtain(test, head, buttons) {
  return element("section", { class: `curtain curtain-${test}`, test },
    element("div", { class: "curtain-words" }, ...head),
    buttons.length > 0 && element("div", { class: "curtain-buttons rows" }, ...buttons));
}

function button(test, mark, label, deed, primary) {
  return element("button", { type: "button", class: primary ? "primary" : "quiet", test, on: { click: deed } },
    icon(mark), element("span", { class: "button-label", text: label }));
}

/** Wiring: which screen the address means, and the way between the two. */

import { Api } from "./api.js";
import { Catalogue } from "./catalogue.js";
import { gatheringPanel } from "./gathering.js";
import { recall, remember } from "./memory.js";
import { Player } from "./player.js";
import { Room } from "./room.js";
import { Sides } from "./sides.js";
import { miniApp } from "./telegram.js";
import { toast } from "./toast.js";
import { Words } from "./words.js";

const PLAY = /^\/play\/([a-z0-9-]+)\/?$/;
const ROOM = /^\/room(?:\/|$)([^/]*)\/?$/; // without a code it is kindly told that there is none

async function main() {
  const screen = document.getElementById("screen");
  const words = new Words();
  const telegram = miniApp();
  const sides = new Sides();
  let player = null;
  const api = new Api(words, (line) => player?.line(line));
  const catalogue = new Catalogue(screen, api, words, (story, anew) => go(`/play/${story}`, anew), (story) => gather(story));

  function go(path, anew = false) {
    const here = inside(location.pathname);
    if (here && !inside(path) && history.state?.within) return history.back();
    if (here) history.replaceState(null, "", address(path));
    else history.pushState({ within: true }, "", address(path));
    show(anew);
  }

  function show(anew = false) {
    player?.close();
    player = null;
    catalogue.leave();
    const story = location.pathname.match(PLAY)?.[1];
    const code = location.pathname.match(ROOM)?.[1];
    const within = (story ?? code) !== undefined;
    document.body.classList.toggle("playing", within);
    telegram?.show(within);
    if (!within) return catalogue.show();
    if (code !== undefined) {
      player = new Room(screen, api, words, { code, gather, go, sides, leave: () => go("/") });
      return;
    }
    player = new Player(screen, api, words, { story, anew, leave: () => go("/"), telegram });
  }

  function gather(story) {
    const begin = async (rules) => {
      try {
        const { code } = await api.gather({ story: story.id, language: words.language, waits: true, ...rules });
        go(`/room/${code}`);
        return true;
      } catch (problem) {
        const key = `error_${problem.code}`;
        toast(words.say(words.has(key) ? key : "error_other"));
        return false;
      }
    };
    gatheringPanel(words, story, begin).show(document.body);
  }

  telegram?.open({ back: () => go("/"), left: (session, revision) => api.leave(session, revision) });
  direct(telegram);
  addEventListener("popstate", () => show());
  await admit(api, words, telegram);
  show();
}

/** Whether a path leads into a story, alone or with others. */
function inside(path) {
  return PLAY.test(path) || ROOM.test(path);
}

/** Telegram says in the fragment who is there and how it looks; its script reads that again after a reload. */
function address(path) {
  return path + location.hash;
}

/** Goes straight to the story that a link asks for, with the catalogue behind it. A reload stays where it is. */
function direct(telegram) {
  const story = `/play/${new URLSearchParams(location.search).get("story") ?? telegram?.start ?? ""}`;
  if (history.state || location.pathname !== "/" || !PLAY.test(story)) return;
  history.replaceState({ begun: true }, "", address("/"));
  history.pushState({ within: true }, "", address(story));
}

/** Inside Telegram the viewer is that of the chat; outside it, whoever this browser is, even if it was inside before. */
async function admit(api, words, telegram) {
  if (telegram) {
    remember("telegram", "yes");
    return api.enter(telegram.initData, () => toast(words.say("error_unproven")));
  }
  if (recall("telegram") === "yes" && (await api.exit())) remember("telegram", "no");
}

main();

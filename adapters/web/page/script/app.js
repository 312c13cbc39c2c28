/** Wiring: which screen the address means, and the way between the two. */

import { Api } from "./api.js";
import { Catalogue } from "./catalogue.js";
import { Player } from "./player.js";
import { Words } from "./words.js";

const PLAY = /^\/play\/([a-z0-9-]+)\/?$/;

function main() {
  const screen = document.getElementById("screen");
  const words = new Words();
  let player = null;
  const api = new Api(words, (line) => player?.line(line));
  const catalogue = new Catalogue(screen, api, words, (story, anew) => go(`/play/${story}`, anew));

  function go(path, anew = false) {
    const here = PLAY.test(location.pathname);
    if (here && !PLAY.test(path) && history.state?.within) return history.back();
    if (here) history.replaceState(null, "", path);
    else history.pushState({ within: true }, "", path);
    show(anew);
  }

  function show(anew = false) {
    player?.close();
    player = null;
    catalogue.leave();
    const story = location.pathname.match(PLAY)?.[1];
    document.body.classList.toggle("playing", Boolean(story));
    if (!story) return catalogue.show();
    player = new Player(screen, api, words, { story, anew, leave: () => go("/") });
  }

  addEventListener("popstate", () => show());
  show();
}

main();

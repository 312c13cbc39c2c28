/** Subtitles that an author wrote as a file; the browser reads it, we show its words as our own. */

import { element } from "./element.js";

/**
 * Lays the subtitles under a clip; `lines` is null until (or unless) they can be read.
 * @param {HTMLVideoElement} video
 * @param {{language: string, src: string}[]} subtitles
 * @returns {{lines: {name: string, text: string, start: number, end: number}[]|null}}
 */
export function written(video, subtitles) {
  const found = { lines: null };
  for (const old of video.querySelectorAll("track")) old.remove();
  const [file] = subtitles ?? [];
  if (!file) return found;
  const track = element("track", { kind: "subtitles", src: file.src, srclang: file.language });
  track.onload = () => { found.lines = Array.from(track.track.cues ?? [], line); };
  video.append(track);
  track.track.mode = "hidden";
  return found;
}

function line(cue) {
  return { name: "", text: cue.getCueAsHTML().textContent, start: cue.startTime, end: cue.endTime };
}

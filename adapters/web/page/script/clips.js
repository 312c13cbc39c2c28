/** Clips fetched ahead, so that every branch is ready before it is chosen. */

const MOST_AHEAD = 5;
const MOST_BYTES = 40_000_000; // a longer clip streams by itself; holding it whole would cost a phone too much

/** Keeps the clips that may come next as blobs. Links elsewhere are warmed by a hidden video instead. */
export class Clips {
  #ahead = new Map();

  /**
   * Fetches these and drops the others.
   * @param {string[]} sources most likely first
   * @param {string} [playing] kept if it is here, but not fetched: the video already does that
   */
  want(sources, playing) {
    const wanted = new Set([...new Set(sources)].filter((source) => source !== playing).slice(0, MOST_AHEAD));
    const old = [...this.#ahead.keys()].filter((source) => !wanted.has(source) && source !== playing);
    old.forEach((source) => this.#drop(source));
    for (const source of wanted) if (!this.#ahead.has(source)) this.#ahead.set(source, this.#fetch(source));
  }

  /**
   * What to give to a video: the blob when it is here, else the link itself.
   * @param {string} source
   * @returns {string}
   */
  at(source) {
    return (this.#ahead.get(source) ?? this.#unsigned(source))?.blob ?? source;
  }

  /** Forgets everything. */
  clear() {
    this.want([]);
  }

  /** A link may be signed anew between two cards; its path still names the same clip. */
  #unsigned(source) {
    const path = source.split("?")[0];
    return [...this.#ahead].find(([known]) => known.split("?")[0] === path)?.[1];
  }

  #fetch(source) {
    const clip = { blob: null, stop: new AbortController(), video: null };
    if (new URL(source, location.href).origin === location.origin) this.#keep(source, clip);
    else clip.video = warmed(source);
    return clip;
  }

  async #keep(source, clip) {
    try {
      const response = await fetch(source, { signal: clip.stop.signal });
      if (!response.ok || Number(response.headers.get("Content-Length")) > MOST_BYTES) return clip.stop.abort();
      const blob = await response.blob();
      if (!clip.stop.signal.aborted) clip.blob = URL.createObjectURL(blob);
    } catch {
      // the video element asks for itself when its turn comes
    }
  }

  #drop(source) {
    const { blob, stop, video } = this.#ahead.get(source);
    stop.abort();
    if (blob) setTimeout(() => URL.revokeObjectURL(blob), 5000); // the stage may be opening it just now
    video?.removeAttribute("src");
    this.#ahead.delete(source);
  }
}

function warmed(source) {
  const video = document.createElement("video");
  Object.assign(video, { preload: "auto", muted: true, src: source });
  return video;
}

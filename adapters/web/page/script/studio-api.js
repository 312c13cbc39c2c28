/** The studio's calls. What does something carries an event and is sent again under it, so nothing is done twice. */

import { Refusal } from "./api.js";

const PAUSES = [500, 1500, 3000, 5000, 5000, 5000, 5000, 5000]; // ms before the next try
const TRY_LATER = new Set([429, 502, 503, 504]);

/**
 * @typedef {Object} Sheet
 * @property {{text: string, style: ""|"bold"|"code"|"quiet"}[][]} lines
 * @property {{label: string, about: string, link: string}[][]} rows
 * @property {boolean} question the next text is the answer
 * @property {string|null} story what it is about
 * @property {{story: string, upload: number, id: string, clip: {link: string, type: string}|null, still: string|null}|null} scene
 * @property {string|null} picture a PNG in base64
 * @property {{name: string, data: string}|null} document a file in base64
 */

export class StudioApi {
  #tell;

  /** @param {() => void} tell called when nobody answers, and it is tried again */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @returns {Promise<{stories: any[], playing: string|null, commands: string[], most_bytes: number}>} */
  stories() {
    return this.#patiently(() => fetch("/api/studio", { credentials: "same-origin" })).then((answer) => answer.json());
  }

  /**
   * @param {"command"|"press"|"text"} call @param {string} event one for each thing that is done
   * @param {{name: string, rest: string}|{about: string}|{text: string}} facts
   * @returns {Promise<Sheet>}
   */
  tell(call, event, facts) {
    const body = JSON.stringify({ event, ...facts });
    const request = { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "same-origin" };
    return this.#patiently(() => fetch(`/api/studio/${call}`, request)).then((answer) => answer.json());
  }

  /** The whole draft as the text of an SVG. @param {string} story @param {boolean} heat @param {AbortSignal} signal */
  map(story, heat, signal) {
    const address = `/api/studio/map/${encodeURIComponent(story)}.svg${heat ? "?heat=1" : ""}`;
    return this.#patiently(() => fetch(address, { credentials: "same-origin", signal }), signal).then((answer) => answer.text());
  }

  /**
   * Sends a file, and again from its beginning when the line broke.
   * @param {string} event @param {Blob} file @param {string} name @param {string} caption
   * @param {(share: number) => void} moved
   * @returns {Promise<Sheet>}
   */
  file(event, file, name, caption, moved) {
    const address = `/api/studio/file?${new URLSearchParams({ event, name, caption })}`;
    return this.#patiently(() => sent(address, file, moved)).then((answer) => answer.json());
  }

  /** Tries until there is an answer, or nobody could be reached for a while. */
  async #patiently(ask, signal) {
    for (let attempt = 0; ; attempt += 1) {
      const { answer, problem, later } = await tried(ask);
      if (answer) return answer;
      if (!later || attempt >= PAUSES.length || signal?.aborted) throw problem;
      this.#tell();
      await new Promise((resolve) => setTimeout(resolve, PAUSES[attempt]));
    }
  }
}

async function tried(ask) {
  try {
    const answer = await ask();
    return answer.ok ? { answer } : { problem: await refusal(answer), later: TRY_LATER.has(answer.status) };
  } catch {
    return { problem: new Refusal("offline", "The bot cannot be reached. Look at your network, and try again."), later: true };
  }
}

async function refusal(answer) {
  const said = await answer.json().catch(() => null);
  const otherwise = answer.status === 413 ? "The server takes no file of that size." : "That did not work. Try again in a moment.";
  return new Refusal(said?.error?.code ?? "other", said?.error?.message ?? otherwise);
}

/** fetch cannot tell how far an upload is. */
function sent(address, file, moved) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "text";
    request.upload.onprogress = (event) => event.lengthComputable && moved(event.loaded / event.total);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("the line broke"));
    request.send(file);
  });
}

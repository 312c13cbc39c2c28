/** What this browser remembers between visits: sound, subtitles, the language of the page, whether it was inside Telegram. */

const PREFIX = "cliffhanger.";

/**
 * @param {"muted"|"subtitles"|"language"|"telegram"} name
 * @param {string|null} otherwise
 * @returns {string|null}
 */
export function recall(name, otherwise = null) {
  try {
    return localStorage.getItem(PREFIX + name) ?? otherwise;
  } catch {
    return otherwise; // storage may be switched off; the page works without
  }
}

/**
 * @param {"muted"|"subtitles"|"language"|"telegram"} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // nothing to do: the choice holds until the page is closed
  }
}

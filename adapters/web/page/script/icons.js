/** Line icons, 24 x 24, drawn in the text's colour. */

import { drawing } from "./element.js";

const SHAPES = {
  back: ["M15 5l-7 7 7 7"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  play: ["M8 5.5v13l10.5-6.5z"],
  pause: ["M8.5 5.5v13", "M15.5 5.5v13"],
  sound: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M15.5 9a4.2 4.2 0 010 6", "M18 6.5a7.8 7.8 0 010 11"],
  mute: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M16 9.5l5 5", "M21 9.5l-5 5"],
  subtitles: ["M5 5h14a2 2 0 012 2v10a2 2 0 01-2 2H5a2 2 0 01-2-2V7a2 2 0 012-2z", "M7 11h4", "M14 11h3", "M7 15h2", "M12 15h5"],
  language: ["M12 3a9 9 0 100 18 9 9 0 000-18z", "M3 12h18", "M12 3c5 5.5 5 12.5 0 18", "M12 3c-5 5.5-5 12.5 0 18"],
  map: ["M12 4.5v3.5", "M12 8L6.5 13v3", "M12 8l5.5 5v3", "M12 2.8a1.7 1.7 0 100 3.4 1.7 1.7 0 000-3.4z",
    "M6.5 16.3a2 2 0 100 4 2 2 0 000-4z", "M17.5 16.3a2 2 0 100 4 2 2 0 000-4z"],
  chat: ["M4.5 5h15a1 1 0 011 1v9.5a1 1 0 01-1 1H12l-4.5 3.7v-3.7h-3a1 1 0 01-1-1V6a1 1 0 011-1z"],
  lock: ["M7 11h10a1 1 0 011 1v7a1 1 0 01-1 1H7a1 1 0 01-1-1v-7a1 1 0 011-1z", "M8.5 11V8a3.5 3.5 0 017 0v3"],
  rewind: ["M11.5 6l-6 6 6 6", "M18.5 6l-6 6 6 6"],
  again: ["M19 12a7 7 0 11-2.05-4.95L19 9", "M19 4.5V9h-4.5"],
  share: ["M12 15V4", "M8 7.5L12 3.8l4 3.7", "M6 12H5v8h14v-8h-1"],
  invite: ["M4 4h6v6H4z", "M14 4h6v6h-6z", "M4 14h6v6H4z", "M14 14h2.5v2.5", "M20 14v6h-3.5", "M14 20h.01"],
  host: ["M4 8h9", "M17 8h3", "M15 5.8v4.4", "M4 16h3", "M11 16h9", "M9 13.8v4.4"],
  together: ["M9 11.5a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4z", "M3.5 19c.4-3.2 2.6-5 5.5-5s5.1 1.8 5.5 5", "M15.5 5.4a3.2 3.2 0 010 5.8", "M17.5 14.3c1.8.8 2.8 2.4 3 4.7"],
  copy: ["M9 8h10a1 1 0 011 1v10a1 1 0 01-1 1H9a1 1 0 01-1-1V9a1 1 0 011-1z", "M16 8V5a1 1 0 00-1-1H5a1 1 0 00-1 1v10a1 1 0 001 1h3"],
  skip: ["M6 6l8 6-8 6z", "M18 6v12"],
  count: ["M5 12.5l4.5 4.5L19 7.5"],
  stop: ["M7 7h10v10H7z"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  plus: ["M12 6v12", "M6 12h12"],
  minus: ["M6 12h12"],
  devices: ["M4 5h13a1 1 0 011 1v2", "M12 17H3.5a.5.5 0 01-.5-.5V6a1 1 0 011-1", "M15 10h5a1 1 0 011 1v8a1 1 0 01-1 1h-5a1 1 0 01-1-1v-8a1 1 0 011-1z"],
  fit: ["M4 9V4h5", "M20 9V4h-5", "M4 15v5h5", "M20 15v5h-5"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  film: ["M6 3.5h12a1 1 0 011 1v15a1 1 0 01-1 1H6a1 1 0 01-1-1v-15a1 1 0 011-1z", "M10 9.2v5.6l4.5-2.8z"],
  pen: ["M5 19l1-4L16 5l3 3L9 18z"],
};

/**
 * An icon, hidden from screen readers: its button carries the label.
 * @param {keyof typeof SHAPES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const paths = SHAPES[name].map((d) => drawing("path", { d }));
  return drawing("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...paths);
}

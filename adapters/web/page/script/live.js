/** Hears what the server tells by itself: when a session moved, in another tab or by a timer, and all of a room. */

const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 15000;

/**
 * @param {string} session
 * @param {(revision: number) => void} moved also called with where the session stands whenever the line is open again
 * @returns {() => void} stops listening
 */
export function listen(session, moved) {
  return stream(`/api/sessions/${encodeURIComponent(session)}/events`, {
    moved: ({ revision }) => { if (Number.isInteger(revision)) moved(revision); },
  });
}

/**
 * A stream that is opened again for as long as it is wanted.
 * @param {string} address
 * @param {Object<string, (facts: any) => void>} heard by the name of the event
 * @param {(open: boolean) => void} [line] called when it opens, and when it breaks
 * @returns {() => void} stops listening
 */
export function stream(address, heard, line = () => {}) {
  let source;
  let timer = 0;
  let pause = FIRST_PAUSE;

  const open = () => {
    clearTimeout(timer);
    source = new EventSource(address);
    source.addEventListener("open", () => { pause = FIRST_PAUSE; line(true); });
    source.addEventListener("error", failed);
    for (const [name, hear] of Object.entries(heard)) source.addEventListener(name, (event) => hear(JSON.parse(event.data)));
  };
  const gone = () => source.readyState === EventSource.CLOSED;
  // A torn line the browser mends by itself; after an answer that is no stream it gives up for good.
  const failed = () => {
    line(false);
    if (!gone()) return;
    clearTimeout(timer);
    timer = setTimeout(open, pause);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  };
  const awake = () => { if (gone() && !document.hidden) open(); };

  open();
  addEventListener("online", awake);
  document.addEventListener("visibilitychange", awake);
  return () => {
    clearTimeout(timer);
    source.close();
    removeEventListener("online", awake);
    document.removeEventListener("visibilitychange", awake);
  };
}

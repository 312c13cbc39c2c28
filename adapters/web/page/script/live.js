/** Hears when a session moved: in another tab, on another phone, by a timer. */

const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 15000;

/**
 * @param {string} session
 * @param {(revision: number) => void} moved also called with where the session stands whenever the line is open again
 * @returns {() => void} stops listening
 */
export function listen(session, moved) {
  let source;
  let timer = 0;
  let pause = FIRST_PAUSE;

  const open = () => {
    clearTimeout(timer);
    source = new EventSource(`/api/sessions/${encodeURIComponent(session)}/events`);
    source.addEventListener("open", () => { pause = FIRST_PAUSE; });
    source.addEventListener("error", failed);
    source.addEventListener("moved", (event) => {
      const { revision } = JSON.parse(event.data);
      if (Number.isInteger(revision)) moved(revision);
    });
  };
  const gone = () => source.readyState === EventSource.CLOSED;
  // A torn line the browser mends by itself; after an answer that is no stream it gives up for good.
  const failed = () => {
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

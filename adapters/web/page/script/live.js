/** Hears when a session moved: in another tab, on another phone, by a timer. */

/**
 * @param {string} session
 * @param {(revision: number) => void} moved
 * @returns {() => void} stops listening
 */
export function listen(session, moved) {
  const source = new EventSource(`/api/sessions/${encodeURIComponent(session)}/events`);
  source.addEventListener("moved", (event) => {
    const { revision } = JSON.parse(event.data);
    if (Number.isInteger(revision)) moved(revision);
  });
  return () => source.close();
}

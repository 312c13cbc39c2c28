/** The player by keyboard. */

/**
 * @param {Object<string, () => (boolean|void)>} deeds by key, letters in lower case; false lets the browser act
 * @returns {() => void} stops listening
 */
export function keys(deeds) {
  const pressed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input") && event.key !== "Escape") return;
    if (event.key === " " && target.matches("button, summary")) return;
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (deed && deed() !== false) event.preventDefault();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

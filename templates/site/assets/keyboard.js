// Keys: `/` searches, `j` and `k` go from timestamp to timestamp, `p` plays, `?` tells of them.
// Those of one letter can be turned off (WCAG 2.1.4).

const STORED = "keys";

function stored() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

function store(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // it holds for this page, then
  }
}

/** Goes to the next timestamp of the text, or the one before; from nowhere, to the first in view. */
function step(by) {
  const citations = [...document.querySelectorAll("article .cite")];
  const at = citations.indexOf(document.activeElement);
  const inView = citations.findIndex((citation) => citation.getBoundingClientRect().top > 60);
  const next = citations[at < 0 ? Math.max(0, inView - (by < 0 ? 1 : 0)) : at + by];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

function isTyping(target) {
  const fields = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  const field = target.closest?.(fields);
  // One in a dialog that was closed just now may have the focus a moment longer.
  return Boolean(field?.getClientRects().length);
}

export function startKeys({ player, openSearch }) {
  const help = document.getElementById("help");
  const switched = help.querySelector("[data-keys]");
  let on = stored();
  switched.checked = on;
  switched.addEventListener("change", () => {
    on = switched.checked;
    store(on);
  });
  help.querySelector("[data-close]").addEventListener("click", () => help.close());
  document.querySelector("[data-help]").addEventListener("click", () => help.showModal());

  function play() {
    const citation = document.activeElement.closest(".cite");
    // Once it plays from there, the key pauses.
    const there = player?.on && citation?.classList.contains("said");
    if (citation && !there) citation.click();
    else player?.toggle();
  }

  const keys = {
    "/": () => openSearch?.(),
    j: () => step(1),
    k: () => step(-1),
    p: play,
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && openSearch) {
      event.preventDefault();
      openSearch();
    } else if (on && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

// The transcript beside the note: brought when it is first seen, it follows the player until the
// reader scrolls by himself, shows which lines notes cite, and plays the line that is clicked.
import { clock } from "./times.js";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The index of the last line that has begun at a second, or -1. */
function lineAt(lines, second) {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle][0] <= second) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The index of the line that a citation is of. If a line begins within the cited second, it is that
 * one, unless the quoted words are known to be in a line that begins earlier: then they end it.
 */
function lineOf(lines, [second, , , , start]) {
  const line = Math.max(0, lineAt(lines, second + 0.999));
  const begun = lines[line]?.[0] ?? 0;
  const earlier = typeof start === "number" && start + 0.001 < begun && begun >= second;
  return earlier && line > 0 ? line - 1 : line;
}

/** Whether a citation is of the note that this page shows. */
function isHere([, note], root) {
  return new URL(root + note, location.href).pathname === location.pathname;
}

/** Links to the statements that cite a line: in this note, and in others of the video. */
function citing(entries, root) {
  const place = element("div", "citing");
  const notes = new Map();
  for (const entry of entries) {
    const [second, note, index, title] = entry;
    const local = isHere(entry, root);
    const first = !notes.has(note);
    if (first) notes.set(note, place.appendChild(document.createElement("p")));
    const named = local ? "Cited in this note" : `Cited in “${title}”`;
    const link = element("a", "", first ? named : clock(second));
    link.href = `${local ? "" : root + note}#c-${index}`;
    if (!first) link.setAttribute("aria-label", `${named}, at ${clock(second)}`);
    notes.get(note).append(first ? "" : ", ", link);
  }
  return place;
}

/** The list of lines; what notes cite is shown with the line that is cited. */
function list(transcript, root) {
  const cited = new Map();
  for (const entry of transcript.cited ?? []) {
    const line = lineOf(transcript.lines, entry);
    cited.set(line, [...(cited.get(line) ?? []), entry]);
  }
  const lines = element("ol", "lines");
  transcript.lines.forEach(([start, , text], index) => {
    const item = document.createElement("li");
    const button = element("button", "line");
    button.type = "button";
    button.dataset.start = start;
    button.tabIndex = index ? -1 : 0;
    const words = element("span", "", text);
    words.dir = "auto";
    button.append(element("time", "", clock(start)), words);
    item.append(button);
    if (cited.has(index)) {
      item.classList.add("cited");
      item.append(citing(cited.get(index), root));
    }
    lines.append(item);
  });
  return lines;
}

/** Follows the player through the list until the reader scrolls; `again` is shown from then on. */
class Following {
  #lines;
  #cited;
  #list;
  #again;
  #now = -1;
  #asked = null;
  #on = true;

  /** `cited` has by its second the line of each citation of this note. */
  constructor(lines, cited, list, again) {
    [this.#lines, this.#cited, this.#list, this.#again] = [lines, cited, list, again];
    const leave = () => this.#follow(false);
    list.addEventListener("wheel", leave, { passive: true });
    list.addEventListener("touchmove", leave, { passive: true });
    list.addEventListener("pointerdown", (event) => {
      if (event.target === list) leave(); // its scroll bar
    });
    again.addEventListener("click", () => {
      this.#follow(true);
      this.#scroll();
    });
  }

  leave() {
    this.#follow(false);
  }

  /** A whole second was asked for: the line that it cites is meant, or that begins within it. */
  from(second) {
    this.#asked = second;
    this.at(second);
  }

  /** This second plays. */
  at(second) {
    const asked = Math.floor(second) === this.#asked;
    const index = asked ? this.#lineAsked() : lineAt(this.#lines, second);
    if (index === this.#now) return;
    this.#item()?.classList.remove("now-said");
    this.#item()?.firstChild.removeAttribute("aria-current");
    this.#now = index;
    this.#item()?.classList.add("now-said");
    this.#item()?.firstChild.setAttribute("aria-current", "true");
    if (this.#on) this.#scroll();
    else this.#again.hidden = false;
  }

  #lineAsked() {
    return this.#cited.get(this.#asked) ?? lineAt(this.#lines, this.#asked + 0.999);
  }

  #item() {
    return this.#list.children[this.#now];
  }

  #follow(on) {
    this.#on = on;
    this.#again.hidden = on || this.#now < 0;
  }

  #scroll() {
    const item = this.#item();
    if (!item) return;
    // The list alone is scrolled, never the page; a long way is gone at once.
    const top = item.offsetTop - this.#list.clientHeight / 3;
    const far = Math.abs(top - this.#list.scrollTop) > this.#list.clientHeight;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#list.scrollTo({ top, behavior: far || still ? "instant" : "smooth" });
  }
}

/** Up and down go from line to line; the list is one stop of the Tab key. */
function moveByKeys(list, leave) {
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("li");
    const next = {
      ArrowDown: item?.nextElementSibling,
      ArrowUp: item?.previousElementSibling,
      Home: list.firstElementChild,
      End: list.lastElementChild,
    }[event.key];
    if (!next) return;
    event.preventDefault();
    leave();
    next.firstChild.focus();
  });
  list.addEventListener("focusin", (event) => {
    if (!event.target.matches(".line")) return;
    list.querySelector('.line[tabindex="0"]')?.setAttribute("tabindex", "-1");
    event.target.tabIndex = 0;
  });
}

function show(panel, transcript, player) {
  const lines = list(transcript, panel.dataset.root);
  const again = element("button", "follow", "Follow the video");
  again.type = "button";
  again.hidden = true;
  const cited = new Map();
  for (const entry of transcript.cited ?? []) {
    if (!isHere(entry, panel.dataset.root) || cited.has(entry[0])) continue;
    cited.set(entry[0], lineOf(transcript.lines, entry));
  }
  const following = new Following(transcript.lines, cited, lines, again);
  lines.addEventListener("click", (event) => {
    const line = event.target.closest(".line");
    if (line) player?.play(Math.floor(Number(line.dataset.start)));
  });
  moveByKeys(lines, () => following.leave());
  player?.addEventListener("play", (event) => following.from(event.detail));
  player?.addEventListener("time", (event) => following.at(event.detail));
  const parts = [lines, again];
  if (transcript.whole === false) {
    parts.unshift(element("p", "hint", "Only the lines that notes cite are known here."));
  }
  panel.replaceChildren(...parts);
}

/** Brings the transcript and shows it. Where it cannot be had, the reader is told, and can ask again. */
async function bring(panel, player) {
  panel.replaceChildren(element("p", "hint", "The transcript is on its way …"));
  try {
    const reply = await fetch(panel.dataset.transcript);
    if (!reply.ok) throw new Error(String(reply.status));
    show(panel, await reply.json(), player);
  } catch {
    const again = element("button", "plain", "Try again");
    again.type = "button";
    again.addEventListener("click", async () => {
      await bring(panel, player);
      panel.querySelector("button").focus({ preventScroll: true });
    });
    panel.replaceChildren(element("p", "hint", "The transcript could not be loaded."), again);
  }
}

export function startTranscript(player) {
  const panel = document.getElementById("transcript");
  if (!panel) return;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    bring(panel, player);
  });
  seen.observe(panel);
}

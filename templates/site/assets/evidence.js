// What was said, beside the timestamp that names it: on hover, on focus, on a tap. It stays while
// the pointer is on it, and Esc takes it away (WCAG 1.4.13).
import { clock } from "./times.js";

const HOW = {
  exact: "Quoted word for word",
  near: "Said in nearly these words",
  moved: "Found elsewhere than the note’s writer had it",
};
const OPENS = 120; // milliseconds: a pointer that only passes opens nothing
const CLOSES = 250; // and has so long to reach what is shown

/** The page's evidence, or nothing where there is none or it cannot be read. */
function read() {
  try {
    return JSON.parse(document.getElementById("evidence")?.textContent ?? "null");
  } catch {
    return null;
  }
}

/** A line's text with the quoted words marked; `marks` are pairs of places in it. */
function marked(text, marks) {
  const paragraph = document.createElement("p");
  paragraph.dir = "auto";
  let end = 0;
  for (const [from, to] of [...marks].sort(([one], [other]) => one - other)) {
    if (from < end || to <= from) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(from, to);
    paragraph.append(text.slice(end, from), mark);
    end = to;
  }
  paragraph.append(text.slice(end));
  return paragraph;
}

function shown({ lines }, citation) {
  const cited = citation.lines.map((index) => lines[index]);
  const head = document.createElement("p");
  head.className = "evidence-head";
  const when = document.createElement("span");
  when.textContent = `${clock(cited[0].start)} – ${clock(cited.at(-1).end)}`;
  const how = document.createElement("span");
  how.textContent = HOW[citation.found] ?? "What is said at this time";
  head.append(when, how);
  const quote = document.createElement("blockquote");
  for (const index of citation.lines) {
    const marks = (citation.marks ?? []).filter(([line]) => line === index);
    quote.append(marked(lines[index].text, marks.map(([, from, to]) => [from, to])));
  }
  return [head, quote];
}

/** Puts the box below the timestamp, or above it where there is more room. */
function place(box, citation) {
  const at = citation.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const size = box.getBoundingClientRect();
  const left = Math.min(Math.max(at.left + at.width / 2 - size.width / 2, 8), width - size.width - 8);
  const below = at.bottom + 6;
  const above = at.top - size.height - 6;
  const top = below + size.height > height - 8 && above > 8 ? above : below;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${top + window.scrollY}px`;
}

export function startEvidence() {
  const evidence = read();
  if (!evidence?.citations?.length) return;

  const box = document.createElement("div");
  box.className = "evidence";
  box.id = "said";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let open = null;
  let timer = null;

  function show(citation) {
    clearTimeout(timer);
    const found = evidence.citations[citation.dataset.c];
    if (!found?.lines?.length) return hide();
    if (open === citation) return undefined;
    hide();
    box.replaceChildren(...shown(evidence, found));
    box.hidden = false;
    box.scrollTop = 0;
    place(box, citation);
    citation.setAttribute("aria-describedby", box.id);
    open = citation;
    return undefined;
  }

  function hide() {
    clearTimeout(timer);
    open?.removeAttribute("aria-describedby");
    open = null;
    box.hidden = true;
  }

  function later(what, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(what, milliseconds);
  }

  for (const citation of document.querySelectorAll(".cite[data-c]")) {
    citation.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") later(() => show(citation), OPENS);
    });
    citation.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") later(hide, CLOSES);
    });
    citation.addEventListener("focus", () => show(citation));
    citation.addEventListener("blur", () => later(hide, CLOSES));
    citation.addEventListener("click", () => show(citation));
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => later(hide, CLOSES));
  document.addEventListener("pointerdown", (event) => {
    if (open && !box.contains(event.target) && !event.target.closest?.(".cite")) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) hide();
  });
  // The window's size changes, or the player comes on top: the timestamp is elsewhere then.
  new ResizeObserver(() => {
    if (open) place(box, open);
  }).observe(document.body);
}

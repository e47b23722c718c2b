// Which statements of a page words were found in, and how these read with the words marked.
import { isJoined } from "./scripts.js";

const LONGEST = 40;
const BEFORE = 12;
const AROUND = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}\p{M}]*)$/su;
const CLOSING = /^[.,;:!?…)\]}»”]+$/u;

/**
 * The statements of a page that were hit, the best first, and none for a hit in its title alone.
 *
 * `page` is what Pagefind gives for a result. Each statement has its `id` and `parts`, texts of
 * which some are `marked`.
 */
export function statementsIn(page, most) {
  const words = page.content.split(/\s+/);
  const statements = page.anchors
    .filter(({ id }) => /^s-\d+$/.test(id))
    .map(({ id, location, text }) => {
      const length = text.trim() ? text.trim().split(/\s+/).length : 0;
      return { id, start: location, end: location + length, score: 0, hits: new Set() };
    })
    .sort((one, other) => one.start - other.start);
  for (const { location, balanced_score: score } of page.weighted_locations) {
    const statement = statements.findLast(({ start }) => start <= location);
    if (!statement || location >= statement.end) continue;
    // The same word again says little more than once.
    const before = [...statement.hits].some((hit) => words[hit] === words[location]);
    statement.score += before ? score / 4 : score;
    statement.hits.add(location);
  }
  return statements
    .filter(({ hits }) => hits.size)
    .sort((one, other) => other.score - one.score || one.start - other.start)
    .slice(0, most)
    .map(({ id, start, end, hits }) => ({ id, parts: partsOf(words, start, end, hits) }));
}

/** The beginning of a page, for one that was found by its title. */
export function beginningOf(page) {
  const words = page.content.split(/\s+/);
  const first = page.anchors.find(({ id }) => /^s-\d+$/.test(id));
  return partsOf(words, first ? first.location : 0, words.length, new Set(), LONGEST / 2);
}

function partsOf(words, start, end, hits, longest = LONGEST) {
  const first = Math.min(...hits, end);
  let from = start;
  if (end - start > longest && first < end) {
    from = Math.max(start, Math.min(first - BEFORE, end - longest));
  }
  const to = Math.min(end, from + longest);
  const parts = from > start ? [{ text: "… ", marked: false }] : [];
  for (let at = from; at < to; at += 1) {
    const word = words[at] ?? "";
    const close = at === from || CLOSING.test(word) || isJoined(words[at - 1], word);
    const [, ahead, core, behind] = hits.has(at) ? AROUND.exec(word) : ["", word, "", ""];
    // Words that are marked one after the other are marked as one.
    add(parts, close ? "" : " ", core && !ahead && parts.at(-1)?.marked);
    add(parts, ahead, false);
    add(parts, core, true);
    add(parts, behind, false);
  }
  if (to < end) parts.push({ text: " …", marked: false });
  return parts;
}

function add(parts, text, marked) {
  const last = parts.at(-1);
  if (!text) return;
  if (last && last.marked === Boolean(marked)) last.text += text;
  else parts.push({ text, marked: Boolean(marked) });
}

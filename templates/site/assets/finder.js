// Finds notes by words: brings the index, which may be in several slices and languages, and puts
// together what Pagefind finds in each.
import { spaced, isUnspaced } from "./scripts.js";

const TITLE_WEIGHT = 8;
const MOST_WORDS = 8;

/** One language's Pagefind with all its slices; a module of its own, for it holds one stemmer. */
async function startEngine(bundle, { slices }) {
  const [first, ...others] = slices.map((slice) => new URL(`${slice}/`, bundle));
  const engine = await import(new URL("pagefind.js", first).href);
  const ranking = { metaWeights: { title: TITLE_WEIGHT } };
  await engine.options({ basePath: first.pathname, ranking });
  await engine.init();
  await Promise.all(others.map((slice) => engine.mergeIndex(slice.pathname, { ranking })));
  return engine;
}

async function fetchJson(address) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address} gave ${reply.status}`);
  return reply.json();
}

/** What Pagefind is asked for: in scripts without spaces, the letters in this order. */
function asked(words) {
  const query = spaced(words.normalize("NFC")).trim().replace(/\s+/g, " ");
  return isUnspaced(words) && !query.includes('"') ? `"${query}"` : query;
}

const isShort = (word) => /^(?:\p{Script=Latin}|\p{Script=Cyrillic}|\p{M}){1,2}$/u.test(word);

/** Whether so little was typed that most notes would be found. */
export const isTooLittle = (words) => /^(?:\p{Script=Latin}|\p{Script=Cyrillic})?$/u.test(words);

/** The words that are looked up one by one; words in quotes are one. */
function termsOf(query) {
  if (query.includes('"')) return [query];
  const words = [...new Set(query.split(" "))].filter((word) => /[\p{L}\p{N}]/u.test(word));
  // Nearly all notes have the shortest words: it is enough to ask for them with the others.
  const longer = words.filter((word) => !isShort(word));
  return (longer.length ? longer : words).slice(0, MOST_WORDS);
}

/** What is found in one language: with all words, and for each of them, by the pages' ids. */
async function findIn(engine, query, terms) {
  const { results } = await engine.search(query);
  if (terms.length === 1) return { results, byTerm: [byId(results)] };
  const singly = await Promise.all(terms.map((term) => engine.search(term)));
  return { results, byTerm: singly.map((each) => byId(each.results)) };
}

function byId(results) {
  const best = results.reduce((most, { score }) => Math.max(most, score), 0) || 1;
  return new Map(
    results.map(({ id, score, matchedMetaFields: fields }) => [
      id,
      score / best + (fields?.includes("title") ? 1 : 0),
    ]),
  );
}

/**
 * The pages that have all words, best first. Pagefind leaves a word out that a slice or language
 * does not have, and its scores are of one language; a rare word counts for more in all of them.
 */
function rank(found, terms, pages) {
  const counts = terms.map((_, number) =>
    found.reduce((sum, { byTerm }) => sum + byTerm[number].size, 0),
  );
  const known = terms.map((_, number) => number).filter((number) => counts[number]);
  const rarity = counts.map((count) => Math.log(1 + (pages - count + 0.5) / (count + 0.5)));
  const results = [];
  for (const { results: ofLanguage, byTerm } of found) {
    for (const result of ofLanguage) {
      if (!known.every((number) => byTerm[number].has(result.id))) continue;
      const score = known.reduce(
        (sum, number) => sum + rarity[number] * byTerm[number].get(result.id),
        0,
      );
      results.push({ id: result.id, score, data: () => result.data() });
    }
  }
  results.sort((one, other) => other.score - one.score);
  return { results, missing: terms.filter((_, number) => !counts[number]) };
}

export class Finder {
  #bundle;
  #started = null;
  #places = null;

  /** `bundle` is the address of the index's folder. Nothing is brought yet. */
  constructor(bundle) {
    this.#bundle = new URL(bundle, document.baseURI);
  }

  /** Brings what every search needs; throws if it cannot be had. Returns the overview. */
  async start() {
    this.#started ??= this.#start();
    try {
      return (await this.#started).overview;
    } catch (error) {
      this.#started = null; // the next try may find the network again
      throw error;
    }
  }

  async #start() {
    const overview = await fetchJson(new URL("index.json", this.#bundle));
    const engines = await Promise.all(
      overview.languages.map((language) => startEngine(this.#bundle, language)),
    );
    return { overview, engines };
  }

  /**
   * The pages in which all words are found, best first, in one channel if it is named.
   *
   * `missing` are words that no page has; they are left out.
   */
  async find(words, channel = "") {
    await this.start();
    const { overview, engines } = await this.#started;
    const query = asked(words);
    const terms = termsOf(query);
    const found = await Promise.all(engines.map((engine) => findIn(engine, query, terms)));
    const pages = overview.languages.reduce((sum, { pages: count }) => sum + count, 0);
    const ranked = rank(found, terms, pages);
    if (!channel) return ranked;
    const places = await this.#placesOf(channel);
    return { ...ranked, results: ranked.results.filter((result) => places.has(result.id)) };
  }

  /** The results that can be of a channel. */
  async #placesOf(channel) {
    const { overview } = await this.#started;
    this.#places ??= Promise.all(
      overview.languages
        .flatMap(({ slices }) => slices)
        .map((slice) => fetchJson(new URL(`${slice}/places.json`, this.#bundle))),
    );
    let slices;
    try {
      slices = await this.#places;
    } catch (error) {
      this.#places = null;
      throw error;
    }
    const ids = new Set();
    for (const { channels, results } of slices) {
      const wanted = channels.indexOf(channel);
      for (const [id, number] of Object.entries(results)) if (number === wanted) ids.add(id);
    }
    return ids;
  }
}

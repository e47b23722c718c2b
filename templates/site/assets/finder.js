// Finds notes by words: brings the index, which may be in several slices and languages, and puts
// together what Pagefind finds in each.
import { spaced, isUnspaced } from "./scripts.js";

const TITLE_WEIGHT = 8;

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

  /** All that is found, best first, in one channel if it is named: promises of pages. */
  async find(words, channel = "") {
    await this.start();
    const { engines } = await this.#started;
    const query = asked(words);
    const found = await Promise.all(engines.map((engine) => engine.search(query)));
    const results = found.flatMap((each) => each?.results ?? []);
    results.sort((one, other) => other.score - one.score);
    if (!channel) return results;
    const places = await this.#placesOf(channel);
    return results.filter((result) => places.has(result.id));
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

// The search dialog: what is typed is found at once, and read and followed with the keyboard alone.
import { beginningOf, statementsIn } from "./excerpts.js";
import { Finder, isTooLittle } from "./finder.js";
import { unspaced } from "./scripts.js";

const PAUSE = 120;
const SHOWN = 10;
const LOOKED_AT = 20;
const STATEMENTS = 3;

let opened = null;

/** Fills the dialog, which is open, with what was found the last time if it was before. */
export function openSearch(dialog) {
  opened ??= new SearchDialog(dialog);
  opened.open();
}

class SearchDialog {
  #dialog;
  #field;
  #channel;
  #told;
  #list;
  #more;
  #finder;
  #results = [];
  #missing = [];
  #shown = 0;
  #asked = 0;
  #timer = 0;

  constructor(dialog) {
    const find = (name) => dialog.querySelector(`.search-${name}`);
    this.#dialog = dialog;
    this.#field = find("words");
    this.#channel = find("channel");
    this.#told = find("told");
    this.#list = find("found");
    this.#more = find("more");
    this.#finder = new Finder(dialog.dataset.bundle);
    this.#field.addEventListener("input", () => this.#soon());
    this.#channel.addEventListener("change", () => this.#search());
    this.#more.addEventListener("click", () => this.#showMore(true));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => this.#onKey(event));
    dialog.addEventListener("click", (event) => this.#onClick(event));
  }

  async open() {
    // Words may have been typed before this module had come.
    if (this.#field.value && !this.#list.childElementCount) this.#soon();
    else if (!this.#list.childElementCount) this.#tell("Type words to find them in all notes.");
    try {
      const { channels } = await this.#finder.start();
      this.#offerChannels(channels);
    } catch {
      this.#fail();
    }
  }

  #offerChannels(channels) {
    if (channels.length < 2 || this.#channel.length > 1) return;
    for (const { name, title } of channels) this.#channel.add(new Option(title, name));
    this.#channel.hidden = false;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    const words = this.#field.value.trim();
    const asked = ++this.#asked;
    if (isTooLittle(words)) {
      this.#show([]);
      this.#tell("Type words to find them in all notes.");
      return;
    }
    const patience = setTimeout(() => this.#tell("Searching …"), 400);
    try {
      const { results, missing } = await this.#finder.find(words, this.#channel.value);
      if (asked !== this.#asked) return; // other words were typed since
      await this.#show(results, asked);
      this.#missing = missing;
      if (asked === this.#asked) this.#tellCount(words);
    } catch {
      if (asked === this.#asked) this.#fail();
    } finally {
      clearTimeout(patience);
    }
  }

  async #show(results, asked) {
    const first = await titlesFirst(results.slice(0, LOOKED_AT), this.#field.value);
    const ordered = [...first, ...results.slice(LOOKED_AT)];
    const entries = await this.#entries(ordered.slice(0, SHOWN));
    if (asked !== undefined && asked !== this.#asked) return;
    this.#results = ordered;
    this.#shown = Math.min(SHOWN, results.length);
    this.#list.replaceChildren(...entries);
    this.#list.scrollTop = 0;
    this.#more.hidden = this.#shown >= results.length;
  }

  async #showMore(focused) {
    const asked = this.#asked;
    const next = this.#results.slice(this.#shown, this.#shown + SHOWN);
    let entries;
    try {
      entries = await this.#entries(next);
    } catch {
      this.#fail();
      return;
    }
    if (asked !== this.#asked) return;
    this.#shown += next.length;
    this.#list.append(...entries);
    this.#more.hidden = this.#shown >= this.#results.length;
    if (focused) entries[0]?.querySelector("a").focus();
    this.#tellCount(this.#field.value.trim());
  }

  async #entries(results) {
    const pages = await Promise.all(results.map((result) => result.data()));
    const channel = this.#channel.value;
    return pages
      .filter((page) => !channel || folderOf(page) === channel)
      .map((page) => this.#entry(page));
  }

  #entry(page) {
    const address = this.#dialog.dataset.root + addressOf(page);
    const folder = folderOf(page);
    const title = link(address, "search-title");
    title.append(titleOf(page) || folder);
    const entry = document.createElement("li");
    entry.append(title);
    const name = [...this.#channel.options].find(({ value }) => value && value === folder)?.text;
    if (name) entry.append(element("span", "search-where", name));
    const statements = statementsIn(page, STATEMENTS);
    for (const { id, parts } of statements) {
      const statement = link(`${address}#${id}`, "search-statement");
      statement.append(...parts.map(asNode));
      entry.append(statement);
    }
    if (!statements.length) {
      const beginning = element("p", "search-beginning");
      beginning.append(...beginningOf(page).map(asNode));
      entry.append(beginning);
    }
    return entry;
  }

  #onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...this.#list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const inField = document.activeElement === this.#field;
    if (event.key === "Enter" && inField && links.length) {
      event.preventDefault();
      links[0].click();
    } else if (event.key === "ArrowDown" && (inField || at >= 0)) {
      event.preventDefault();
      if (at + 1 < links.length) links[at + 1].focus();
      else if (!this.#more.hidden) this.#showMore(true);
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] ?? this.#field).focus();
    } else if (event.key.length === 1 && at >= 0 && event.key !== " ") {
      this.#field.focus(); // who types on goes on typing words
    }
  }

  #onClick(event) {
    const followed = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if ((followed && plain) || event.target === this.#dialog) this.#dialog.close();
  }

  #tellCount(words) {
    const count = this.#results.length;
    const shown = this.#list.childElementCount;
    const found = count === 1 ? "One note found" : `${count} notes found`;
    const told = shown < count ? `${found}, the first ${shown} are shown.` : `${found}.`;
    if (!count) this.#tell(`Nothing found for “${words}”.`);
    else if (this.#missing.length) this.#tell(`No note has “${this.#missing.join("”, “")}”. ${told}`);
    else this.#tell(told);
  }

  #fail() {
    this.#show([]);
    this.#tell("The search index cannot be loaded. Is the network there? Then type again.");
  }

  #tell(text) {
    if (this.#told.textContent !== text) this.#told.textContent = text;
  }
}

const folderOf = (page) => pathOf(page).split("/").slice(0, -1).join("/");
const pathOf = (page) => page.raw_url.replace(/^\//, "");
const titleOf = (page) => unspaced(page.meta.title ?? "").trim();
const addressOf = (page) => pathOf(page).split("/").map(encodeURIComponent).join("/");

/** Of the best results, those whose title is what was typed come first, then those that begin so. */
async function titlesFirst(results, typed) {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const wanted = plain(typed);
  const ranked = await Promise.all(
    results.map(async (result) => {
      const title = plain(titleOf(await result.data()));
      return { result, rank: title === wanted ? 0 : title.startsWith(wanted) ? 1 : 2 };
    }),
  );
  return ranked.sort((one, other) => one.rank - other.rank).map(({ result }) => result);
}

function asNode({ text, marked }) {
  return marked ? element("mark", "", text) : document.createTextNode(text);
}

function link(address, name) {
  const made = element("a", name);
  made.href = address;
  return made;
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

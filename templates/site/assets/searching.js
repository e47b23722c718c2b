// Opens the search: what searches is not brought before it is asked for.
import { announce } from "./announce.js";

/** Returns what opens the search, or null where the site has none. */
export function startSearch() {
  const dialog = document.getElementById("search");
  if (!dialog) return null;

  async function open() {
    try {
      const { openSearch } = await import("./search.js");
      openSearch(dialog);
    } catch {
      announce("The search could not be loaded.");
    }
  }

  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", open);
  }
  return open;
}

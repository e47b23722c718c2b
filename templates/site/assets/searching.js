// Opens the search: what searches is not brought before it is asked for.

/** Returns what opens the search, or null where the site has none. */
export function startSearch() {
  const dialog = document.getElementById("search");
  if (!dialog) return null;

  async function open() {
    // At once: whoever types on after the key means the field.
    const field = dialog.querySelector("input");
    dialog.showModal();
    field.focus();
    field.select();
    try {
      const { openSearch } = await import("./search.js");
      openSearch(dialog);
    } catch {
      dialog.querySelector("[role=status]").textContent = "The search could not be loaded.";
    }
  }

  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", open);
  }
  return open;
}

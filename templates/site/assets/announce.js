// What has happened, said once: to screen readers, and shown for a moment.

let last = null;

export function announce(text) {
  const place = document.querySelector("[data-announce]");
  place.textContent = text;
  place.classList.remove("hidden");
  place.classList.add("told");
  clearTimeout(last);
  last = setTimeout(() => {
    place.classList.add("hidden");
    place.classList.remove("told");
  }, 4000);
}

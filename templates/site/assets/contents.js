// The list of contents: open where it stands beside the text, and showing where the reader is.

const BESIDE = matchMedia("(min-width: 88rem)");

export function startContents() {
  const contents = document.querySelector(".contents");
  if (!contents) return;
  if (BESIDE.matches) contents.open = true;

  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }

  // The last heading above the upper third of the window is the one that is read.
  const seen = new IntersectionObserver(() => {
    const above = [...links.keys()].filter(
      (heading) => heading.getBoundingClientRect().top < innerHeight / 3,
    );
    const here = links.get(above.at(-1));
    for (const link of links.values()) {
      if (link === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "0px 0px -66% 0px" });
  for (const heading of links.keys()) seen.observe(heading);

  // On a small screen the list covers the text it leads to.
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && !BESIDE.matches) contents.open = false;
  });
}

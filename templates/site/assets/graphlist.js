// A graph in words: what its colours mean, and all its notes as links.

/** What belongs together, in the colours in which it is drawn. */
export function addLegend(host, groups) {
  if (groups.length < 2) return;
  const list = document.createElement("ul");
  list.className = "graph-legend";
  list.setAttribute("aria-label", "Colours");
  groups.forEach((name, number) => {
    const item = document.createElement("li");
    item.dataset.group = number;
    item.textContent = name;
    list.append(item);
  });
  host.append(list);
}

/** The notes as a list that opens; it is made when it does, for it may be long. */
export function addList(host, label, nodes) {
  const details = document.createElement("details");
  details.className = "graph-list";
  const summary = document.createElement("summary");
  summary.textContent = "As a list";
  details.append(summary);
  const others = nodes.filter(({ here }) => !here);
  details.addEventListener(
    "toggle",
    () => {
      const list = document.createElement("ul");
      list.setAttribute("aria-label", label);
      list.append(...[...others].sort(byTitle).map(item));
      details.append(list);
    },
    { once: true },
  );
  host.append(details);
}

const byTitle = (one, other) => one.title.localeCompare(other.title);

function item({ title, address }) {
  const made = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = title;
  made.append(link);
  return made;
}

// Transcript, backlinks and graph as tabs: one is shown, arrows go between them (the ARIA pattern).

export function startTabs() {
  const bar = document.querySelector("[data-tabs]");
  if (!bar) return;
  const tabs = [...bar.querySelectorAll("[data-panel]")];
  const panelOf = (tab) => document.getElementById(tab.dataset.panel);

  function choose(chosen) {
    for (const tab of tabs) {
      const here = tab === chosen;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      panelOf(tab).hidden = !here;
    }
  }

  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "Around this note");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.dataset.panel);
    panelOf(tab).setAttribute("role", "tabpanel");
    tab.addEventListener("click", () => choose(tab));
  }
  bar.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    const next = {
      ArrowRight: tabs[(at + 1) % tabs.length],
      ArrowLeft: tabs.at(at - 1),
      Home: tabs[0],
      End: tabs.at(-1),
    }[event.key];
    if (at < 0 || !next) return;
    event.preventDefault();
    choose(next);
    next.focus();
  });
  choose(tabs[0]);
}

// Graphs are drawn when they come near the window, and what draws them is not brought before.

export function startGraphs() {
  const near = new IntersectionObserver(
    async (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        try {
          const { mountGraph } = await import("./graph.js");
          await mountGraph(target);
        } catch {
          target.textContent = "The graph could not be loaded.";
        }
      }
    },
    { rootMargin: "200px" },
  );
  for (const host of document.querySelectorAll(".graph")) near.observe(host);
}

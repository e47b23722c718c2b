// Light or dark: what the reader chose here, else what the system says. Runs ahead of the page, so
// that none is shown in the wrong colours.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is forbidden: the system's it is
    }
  }

  function told() {
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  window.siteTheme = {
    isDark: () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches),
    choose(theme) {
      root.dataset.theme = theme;
      try {
        localStorage.setItem("theme", theme);
      } catch {
        // it holds for this page, then
      }
      told();
    },
  };

  const theme = chosen();
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  dark.addEventListener("change", told);
})();

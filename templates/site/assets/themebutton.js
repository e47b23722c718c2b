// The button that changes between light and dark; theme.js keeps what is chosen.

export function startThemeButton() {
  const button = document.querySelector("[data-theme-toggle]");
  const show = () => button.setAttribute("aria-pressed", String(window.siteTheme.isDark()));
  button.addEventListener("click", () => {
    window.siteTheme.choose(window.siteTheme.isDark() ? "light" : "dark");
  });
  document.addEventListener("themechange", show);
  show();
}

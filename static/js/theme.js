// Runs in the head, before the first paint: the chosen theme, and the word that JavaScript is on.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.bsTheme = theme;
  } catch {
    // Storage may be refused; the theme then follows the system.
  }
})();

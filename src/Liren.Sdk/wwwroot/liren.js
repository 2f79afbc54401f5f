// Small helps for the console: theme, search shortcut, focus. Nothing here holds state that matters.
const root = document.documentElement;
const saved = localStorage.getItem("liren-theme");
root.dataset.theme = saved ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
window.liren = {
  toggleTheme() {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("liren-theme", root.dataset.theme);
  },
  focus(id) { document.getElementById(id)?.focus(); },
  keep(key, value) { localStorage.setItem(key, value); },
  kept(key) { return localStorage.getItem(key); },
};
document.addEventListener("keydown", e => {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
  if (e.key === "/" && !typing) {
    const box = document.getElementById("search-all");
    if (box) { box.focus(); e.preventDefault(); }
  }
});

// Small helps for the console: theme, keys, focus, live search boxes. Nothing here holds state that matters.
const root = document.documentElement;
const saved = localStorage.getItem("liren-theme");
root.dataset.theme = saved ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
let before = null;
window.liren = {
  toggleTheme() {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("liren-theme", root.dataset.theme);
  },
  focus(id) { document.getElementById(id)?.focus(); },
  enter(id) { before = document.activeElement; document.getElementById(id)?.focus(); },
  leave() { if (before?.isConnected) before.focus(); before = null; },
  keep(key, value) { localStorage.setItem(key, value); },
  kept(key) { return localStorage.getItem(key); },
  keys() { document.getElementById("keys")?.showModal(); },
};
const closePops = except => document.querySelectorAll("details.pop[open]").forEach(d => { if (d !== except) d.open = false; });
document.addEventListener("keydown", e => {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape") {
    const open = document.querySelector("details.pop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    // Focus may have gone with the button that was pressed in the drawer: Esc closes it all the same.
    else if (!e.target.closest?.(".drawer")) document.querySelector(".drawer .drawer-head button")?.click();
    return;
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  if (e.key === "/") {
    const box = document.getElementById("search-all");
    if (box) { box.focus(); e.preventDefault(); }
  }
  if (e.key === "?") liren.keys();
});
document.addEventListener("click", e => {
  const pop = e.target.closest("details.pop");
  closePops(e.target.closest(".pop-panel a") ? null : pop);
  if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
});
// A search box with data-live asks when typing pauses, but never in the middle of an input method's composition.
let pause = 0;
const live = e => {
  if (!e.target.matches?.("input[data-live]") || e.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(() => e.target.dispatchEvent(new Event("change", { bubbles: true })), 300);
};
document.addEventListener("input", live);
document.addEventListener("compositionend", live);
// The connection is lost: the banner stays until it is back. A circuit the server no longer knows begins anew.
let trying = 0;
document.addEventListener("DOMContentLoaded", () => document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", e => {
  const state = e.detail.state;
  if (state === "rejected" || state === "resume-failed") location.reload();
  if (state === "hide") clearInterval(trying);
  if (state === "failed") {
    clearInterval(trying);
    trying = setInterval(async () => { if (await fetch("/healthz").then(r => r.ok, () => false)) location.reload(); }, 3000);
  }
}));

// Running clocks: every <time data-until|data-since> counts by the server's clock. Loaded by phone and console pages alike.
(() => {
  if (window.lirenClocks) return;
  const seen = new WeakMap();
  const two = n => String(n).padStart(2, "0");
  const span = ms => {
    const s = Math.max(0, Math.floor(ms / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h > 48 ? `${Math.floor(h / 24)} d` : h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const tick = () => {
    for (const e of document.querySelectorAll("time[data-until], time[data-since]")) {
      // The server's clock counts, not the phone's: remembered is the difference when the element was shown.
      const now = Number(e.dataset.now);
      let known = seen.get(e);
      if (!known || known.now !== now) seen.set(e, known = { now, ahead: Date.now() - now });
      const at = Date.now() - known.ahead;
      const until = Number(e.dataset.until), text = until
        ? (until >= at ? span(until - at) : `${e.dataset.late} ${span(at - until)}`)
        : span(at - Number(e.dataset.since));
      e.classList.toggle("late", Boolean(until) && until < at);
      if (e.firstChild) { if (e.firstChild.nodeValue !== text) e.firstChild.nodeValue = text; } else e.textContent = text;
    }
  };
  window.lirenClocks = { tick };
  setInterval(tick, 500);
  document.addEventListener("DOMContentLoaded", tick);
  tick();
})();

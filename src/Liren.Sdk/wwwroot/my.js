// The resident's phone pages: one tap sends once, a link is shared with one tap, and visitors' states stay fresh.
(() => {
  document.addEventListener("submit", event => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    // Coming back by the back button must not find a dead form.
    addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });

  document.addEventListener("click", async event => {
    const link = event.target.closest("a[data-share]");
    if (!link) return;
    event.preventDefault();
    try {
      if (navigator.share) return await navigator.share({ text: link.dataset.share, url: link.href });
      await navigator.clipboard.writeText(`${link.dataset.share} ${link.href}`);
      link.textContent = link.dataset.copied;
    } catch (problem) {
      // Closed by the person: nothing to do. Not possible here (no HTTPS): the page itself, to be copied from the address line.
      if (problem.name !== "AbortError") location.href = link.href;
    }
  });

  const refresh = async () => {
    const live = document.getElementById("live");
    if (!live || document.hidden || live.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
      if (fresh) live.replaceChildren(...fresh.childNodes);
    } catch { /* without network the page stays as it is */ }
  };
  setInterval(refresh, 20000);
  document.addEventListener("visibilitychange", refresh);
})();

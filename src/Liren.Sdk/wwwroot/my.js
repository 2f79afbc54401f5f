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

  // A photo is shown as chosen, and made small enough for a slow network and the server's limit.
  const small = async file => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" }), scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 1500000 && /jpeg|png/.test(file.type)) return file;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch { return file; }
  };
  document.addEventListener("change", async event => {
    const input = event.target, shown = input.dataset?.photos && document.getElementById(input.dataset.photos);
    if (!shown) return;
    const files = await Promise.all([...input.files].map(small)), chosen = new DataTransfer();
    files.forEach(file => chosen.items.add(file));
    input.files = chosen.files;
    shown.replaceChildren(...files.map(file => {
      const picture = new Image();
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      picture.onload = () => URL.revokeObjectURL(picture.src);
      return picture;
    }));
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

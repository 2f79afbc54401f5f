// Phone pages of the field. Forms are kept on the phone until the server has answered; the page renews itself when something happens.
(() => {
  const $ = id => document.getElementById(id);
  let store = null, waiting = [], busy = false, tries = 0, timer = 0, stale = false, acts = 0, choosing = false;

  // ---- what waits to be sent: in IndexedDB, so that a closed page or an empty battery loses nothing
  const open = () => new Promise(done => {
    try {
      const asked = indexedDB.open("liren-field", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "key" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
  const within = (mode, work) => new Promise(done => {
    if (!store) return done();
    const all = store.transaction("outbox", mode), asked = work(all.objectStore("outbox"));
    all.oncomplete = () => done(asked?.result);
    all.onerror = all.onabort = () => done();
  });
  const keep = item => { waiting.push(item); return within("readwrite", s => s.put(item)); };
  const drop = item => { waiting = waiting.filter(w => w !== item); return within("readwrite", s => s.delete(item.key)); };

  const say = (words, again) => {
    const box = $("outbox");
    box.hidden = !words;
    box.textContent = words ?? "";
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = box.dataset.again;
    button.onclick = () => flush();
    box.append(button);
  };

  const send = async item => {
    const form = new FormData();
    for (const [name, value, file] of item.fields) file ? form.append(name, value, file) : form.append(name, value);
    const stop = new AbortController(), late = setTimeout(() => stop.abort(), 30000);
    try { return await fetch(item.action, { method: "POST", body: form, signal: stop.signal, headers: { Accept: "text/html" } }); }
    finally { clearTimeout(late); }
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    while (waiting.length > 0) {
      const item = waiting[0];
      say($("outbox").dataset.sending);
      let answer = null;
      try { answer = await send(item); } catch { /* no network, or too slow: again below */ }
      if (!answer || answer.status >= 500 || answer.status === 429) {
        tries++;
        const pause = Math.min(15, 2 + tries);
        say($("outbox").dataset.waiting.replace("{0}", waiting.length).replace("{1}", tries), true);
        timer = setTimeout(flush, pause * 1000);
        busy = false;
        return;
      }
      // Signed out meanwhile: it stays here and is sent after signing in.
      if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.href = `/sign-in?returnUrl=${encodeURIComponent(location.pathname)}`; return; }
      tries = 0;
      await drop(item);
      const text = await answer.text();
      acts++;
      if (answer.ok) { if (answer.redirected) history.replaceState(null, "", answer.url); swap(text, item.action); say(null); }
      else refuse(text, item);
    }
    busy = false;
    if (stale) refresh();
  };

  // ---- a refused act: the sentence above what was typed, which stays
  const refuse = (text, item) => {
    const page = new DOMParser().parseFromString(text, "text/html"), sentence = page.querySelector("[role=alert]")?.textContent;
    let title = null;
    try { title = JSON.parse(text).title; } catch { /* not JSON */ }
    const form = [...document.forms].find(f => f.getAttribute("action") === item.action);
    if (!form) { swap(text); return; }
    say(sentence ?? title ?? $("outbox").dataset.failed);
    const fresh = [...page.forms].find(f => f.getAttribute("action") === item.action);
    // The key of a refused act has done nothing; a new one goes with the next try.
    const key = fresh?.elements.key?.value;
    if (key) form.elements.key.value = key;
    form.querySelectorAll("button").forEach(b => { b.disabled = false; });
    if (fresh?.querySelector("details[open]")) form.querySelector("details")?.setAttribute("open", "");
    $("outbox").scrollIntoView({ block: "nearest" });
  };

  // ---- forms
  const small = async file => {
    try {
      if (!file.type.startsWith("image/")) return file;
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" }), scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 1500000 && /jpeg|png/.test(file.type)) return file;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise(done => canvas.toBlob(b => done(b ?? file), "image/jpeg", 0.85));
    } catch { return file; }
  };
  const position = () => new Promise(done => {
    if (!navigator.geolocation) return done(null);
    navigator.geolocation.getCurrentPosition(p => done(p.coords), () => done(null), { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 });
  });
  document.addEventListener("submit", async e => {
    const form = e.target.closest("form[data-once]");
    if (!form) return;
    e.preventDefault();
    const button = e.submitter ?? form.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    if (form.matches("[data-locate]")) {
      const at = await position();
      form.elements.longitude.value = at?.longitude ?? "";
      form.elements.latitude.value = at?.latitude ?? "";
    }
    const fields = [];
    for (const [name, value] of new FormData(form)) {
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.size > 0) { const photo = await small(value); fields.push([name, photo, photo.type === "image/png" ? "photo.png" : "photo.jpg"]); }
    }
    await keep({ key: form.elements.key.value, action: form.getAttribute("action"), fields });
    await flush();
  });
  // While the camera is open nothing of the page moves.
  document.addEventListener("click", e => { if (e.target.matches("input[type=file]")) choosing = true; });
  for (const end of ["change", "cancel"]) document.addEventListener(end, () => { choosing = false; }, true);
  document.addEventListener("change", e => {
    const shown = e.target.dataset?.photos && $(e.target.dataset.photos);
    if (!shown) return;
    shown.replaceChildren(...[...e.target.files].map(f => { const img = new Image(); img.alt = f.name; img.src = URL.createObjectURL(f); img.onload = () => URL.revokeObjectURL(img.src); return img; }));
  });

  // ---- the page renews itself
  const typing = () => choosing || [...document.querySelectorAll("#live textarea, #live input:not([type=hidden])")].some(i => i.type === "radio" || i.type === "checkbox" ? i.checked !== i.defaultChecked : i.type === "file" ? i.files.length > 0 : i.value !== i.defaultValue)
    || document.querySelector("#live form details[open], #live details:has(form)[open]") !== null;
  // A form that is on both pages stays as it is, with what was typed or chosen into it; only the one that was sent is a new one.
  const swap = (text, sent = null) => {
    const fresh = new DOMParser().parseFromString(text, "text/html"), live = fresh.getElementById("live"), old = $("live");
    if (!live) return;
    const before = new Set((old.dataset.offers ?? "").split(",")), rings = (live.dataset.offers ?? "").split(",").some(o => o && !before.has(o));
    const unfolded = [...old.querySelectorAll("details")].map(d => d.open && !d.querySelector("form"));
    const cursor = document.activeElement;
    for (const form of old.querySelectorAll("form[data-once]")) {
      const action = form.getAttribute("action"), place = action !== sent && [...live.querySelectorAll("form[data-once]")].find(f => f.getAttribute("action") === action);
      if (place) place.replaceWith(form);
    }
    old.replaceWith(live);
    if (cursor !== document.activeElement && live.contains(cursor)) cursor.focus({ preventScroll: true });
    live.querySelectorAll("details").forEach((d, n) => { if (unfolded[n]) d.open = true; });
    document.title = fresh.title;
    const heading = document.querySelector("h1"), named = fresh.querySelector("h1");
    if (heading && named) heading.textContent = named.textContent;
    window.lirenClocks?.tick();
    if (rings) ring();
  };
  const refresh = async () => {
    if ($("live").dataset.quiet) return;
    if (busy || typing()) { stale = true; return; }
    stale = false;
    // A page asked for before an act was answered shows what was so before it: it is not shown.
    const before = acts;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname === "/sign-in") location.reload();
      else if (answer.ok) {
        const text = await answer.text();
        if (busy || typing() || acts !== before) stale = true;
        else swap(text);
      }
    } catch { /* no network: the next turn */ }
  };
  let sound = null;
  document.addEventListener("pointerdown", () => { sound ??= new (window.AudioContext ?? window.webkitAudioContext)(); sound.resume(); }, { once: true });
  const ring = () => {
    navigator.vibrate?.([300, 150, 300]);
    if (sound?.state !== "running") return;
    for (const [n, pitch] of [880, 660, 880].entries()) {
      const tone = sound.createOscillator(), volume = sound.createGain();
      [tone.frequency.value, volume.gain.value] = [pitch, 0.2];
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + n * 0.25);
      tone.stop(sound.currentTime + n * 0.25 + 0.2);
    }
  };

  // ---- hears of changes by server-sent events; asks every few seconds where there are none
  let soon = 0, heard = 0;
  const listen = () => {
    const events = $("live").dataset.live;
    if (!window.EventSource || !events) return;
    const live = new EventSource(events);
    const hear = () => { clearTimeout(soon); soon = setTimeout(refresh, 150); };
    for (const type of ["opened", "moved"]) live.addEventListener(type, hear);
    live.addEventListener("hello", () => { if (heard > 0) hear(); heard = Date.now(); });
    // A reading may have changed what the sensor says, without a step of the incident.
    live.addEventListener("ping", () => { heard = Date.now(); hear(); });
    live.onerror = () => { if (live.readyState === EventSource.CLOSED) setTimeout(listen, 5000); };
  };
  document.addEventListener("DOMContentLoaded", async () => {
    store = await open();
    waiting = (await within("readonly", s => s.getAll())) ?? [];
    if (waiting.length > 0) flush();
    if (!$("live").dataset.quiet) {
      listen();
      setInterval(() => { if (stale || Date.now() - heard > 20000) refresh(); }, 5000);
    }
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); if (waiting.length > 0) flush(); } });
    window.addEventListener("online", () => { if (waiting.length > 0) flush(); });
  });
})();

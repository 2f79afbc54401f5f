// The opening second: counts down by the server's clock, sends one small request, and sends the same one again while the network fails. The form works without it.
(() => {
  const card = document.getElementById("rush");
  const form = card.querySelector("form"), button = form.querySelector("button"), note = document.getElementById("rush-note");
  const ahead = Number(card.dataset.now) - Date.now(), opens = Number(card.dataset.opens), label = button.textContent;

  const tick = () => {
    const left = opens - (Date.now() + ahead);
    if (left <= 0) { button.disabled = false; button.textContent = label; return; }
    const seconds = Math.ceil(left / 1000), two = n => String(n).padStart(2, "0");
    button.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    setTimeout(tick, Math.min(1000, left % 1000 || 1000));
  };
  if (button.disabled) tick();

  const send = async () => {
    for (let tries = 0; ; tries++) {
      try {
        const answer = await fetch("/api/supplies/enter", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: card.dataset.token, key: card.dataset.key }) });
        if (answer.status !== 503) return answer;
      } catch { /* no network: the same request once more */ }
      note.textContent = card.dataset.again;
      await new Promise(go => setTimeout(go, Math.min(8000, 500 * 2 ** tries) * (0.5 + Math.random())));
    }
  };

  form.addEventListener("submit", async event => {
    event.preventDefault();
    button.disabled = true;
    note.textContent = card.dataset.waiting;
    const answer = await send();
    if (answer.ok) return location.replace(card.dataset.done);
    const problem = await answer.json().catch(() => ({}));
    if (problem.code === "supplies.already") return location.replace(card.dataset.done);
    note.textContent = problem.title ?? `${answer.status}`;
    note.className = "notice act";
    if (problem.code === "supplies.not-open") button.disabled = false;
    delete form.dataset.sent;
  });
})();

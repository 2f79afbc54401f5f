// A desk without a network: hands over by the list of its own point that it took along, keeps what it handed over until the server has it, and never hands over twice by itself.
(() => {
  const card = document.getElementById("offline"), say = card.dataset, at = id => document.getElementById(id);
  const name = `liren-desk:${say.round}`, fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, n) => values[n]);
  let kept = JSON.parse(localStorage.getItem(name) ?? "null");

  const keep = () => localStorage.setItem(name, JSON.stringify(kept));
  const tell = (text, tone) => { at("o-said").textContent = text; at("o-said").className = `notice ${tone}`; };
  const show = () => {
    at("o-state").textContent = navigator.onLine ? say.online : say.away;
    if (!kept) { at("o-left").textContent = say.none; return; }
    at("o-point").value = kept.point;
    const left = kept.list.shares.filter(s => !s.collected).length;
    at("o-left").textContent = fill(say.taken, kept.list.point, left, kept.list.shares.length, kept.done.length);
  };

  const send = async () => {
    if (!kept?.done.length) return;
    const answer = await fetch(say.list, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ point: kept.point, done: kept.done }) });
    if (!answer.ok) return;
    const told = await answer.json(), odd = told.filter(t => t.outcome !== "done").map(t => kept.done.find(d => d.key === t.key)?.receipt);
    kept.done = kept.done.filter(d => !told.some(t => t.key === d.key));
    keep();
    if (odd.length) tell(fill(say.twice, odd.join(" ")), "act");
  };

  // What was handed over here and is not told yet counts as handed over, whatever the fresh list says.
  const take = async () => {
    await send();
    const point = Number(at("o-point").value), answer = await fetch(`${say.list}?point=${point}`);
    if (!answer.ok) return;
    const list = await answer.json();
    for (const d of kept?.done ?? []) { const share = list.shares.find(s => s.receipt === d.receipt); if (share) share.collected = true; }
    kept = { point, list, done: kept?.done ?? [] };
    keep();
  };

  const quietly = work => async () => { try { await work(); } catch { /* no network: later */ } show(); };

  at("o-take").onclick = quietly(take);
  at("o-form").onsubmit = event => {
    event.preventDefault();
    const text = at("o-receipt").value.trim().replace(/\s/g, "").replace(/^LS1:/i, "");
    // A scanned code is the whole tag; its ten digits follow from the first eight bytes.
    const receipt = /^[0-9a-f]{32}$/i.test(text) ? (BigInt(`0x${text.slice(0, 16)}`) % 10000000000n).toString().padStart(10, "0") : text;
    at("o-receipt").value = "";
    at("o-receipt").focus();
    const share = kept?.list.shares.find(s => s.receipt === receipt);
    if (!share) return tell(kept ? say.foreign : say.none, "act");
    if (share.collected) return tell(say.again, "act");
    share.collected = true;
    kept.done.push({ key: crypto.randomUUID(), receipt, at: new Date().toISOString() });
    keep();
    tell(fill(say.handed, kept.list.pieces, kept.list.unit), "ok");
    quietly(send)();
  };

  addEventListener("online", quietly(send));
  setInterval(quietly(send), 20000);
  // The page itself, for when the tab is closed and opened again without a network.
  navigator.serviceWorker?.register("/supplies-desk/worker.js", { scope: "/supplies-desk/" }).catch(() => { });
  show();
  if (!kept) quietly(take)();
})();

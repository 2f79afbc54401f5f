// Checks a draw in the visitor's own browser, from published facts alone: leaf to root, root as printed, seed, every step. Nothing is asked of the server but these facts.
(() => {
  const card = document.getElementById("check"), say = card.dataset, answer = document.getElementById("check-answer");
  const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], h => parseInt(h, 16));
  const hex = data => Array.from(new Uint8Array(data), b => b.toString(16).padStart(2, "0")).join("");
  const join = (...parts) => { const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of parts) { all.set(p, at); at += p.length; } return all; };
  const be32 = n => { const b = new Uint8Array(4); new DataView(b.buffer).setUint32(0, n); return b; };
  const sha = async data => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const leaf = (index, tag) => sha(join([0], be32(index), bytes(tag)));
  const node = (left, right) => sha(join([1], left, right));
  const split = n => 2 ** Math.floor(Math.log2(n - 1));
  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, n) => values[n]);
  const show = (text, good) => { answer.textContent = text; answer.className = good ? "notice ok" : "notice act"; };

  const climb = async (index, count, tag, path) => {
    const sides = [];
    for (let from = 0, size = count; size > 1;) { const left = split(size), isLeft = index < from + left; sides.unshift(isLeft); if (isLeft) size = left; else { from += left; size -= left; } }
    if (sides.length !== path.length) return null;
    let at = await leaf(index, tag);
    for (let i = 0; i < path.length; i++) at = sides[i] ? await node(at, bytes(path[i])) : await node(bytes(path[i]), at);
    return hex(at);
  };

  const rootOf = async tags => {
    let row = await Promise.all(tags.map((tag, i) => leaf(i, tag)));
    // A tree split at powers of two is made by joining neighbours; one left over goes up as it is.
    while (row.length > 1) { const next = []; for (let i = 0; i < row.length; i += 2) next.push(i + 1 < row.length ? await node(row[i], row[i + 1]) : row[i]); row = next; }
    return hex(row[0]);
  };

  const order = async (seed, n, count) => {
    const key = await crypto.subtle.importKey("raw", bytes(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const places = Array.from({ length: n }, (_, i) => i), two64 = 1n << 64n;
    for (let i = 0; i < count; i++) {
      const m = BigInt(n - i), limit = two64 / m * m;
      for (let again = 0; ; again++) {
        const x = new DataView(await crypto.subtle.sign("HMAC", key, join(be32(i), be32(again)))).getBigUint64(0);
        if (x >= limit) continue;
        const j = i + Number(x % m);
        [places[i], places[j]] = [places[j], places[i]];
        break;
      }
    }
    return places.slice(0, count);
  };

  // Several tickets of one holder follow from the first; each number on the list gets the number of its holder's first.
  const holdersOf = async (tags, most) => {
    const at = new Map(tags.map((tag, i) => [tag, i])), holders = tags.map((_, i) => i), text = new TextEncoder().encode("liren-ticket/1\n");
    for (let i = 0; i < tags.length; i++)
      for (let n = 1; n < most; n++) { const further = hex(await sha(join(text, bytes(tags[i]), be32(n)))).slice(0, 32); if (at.has(further)) holders[at.get(further)] = i; }
    return holders;
  };

  const checkDraw = async d => {
    const text = new TextEncoder(), most = d.mostTickets ?? 1, reserved = d.reserved ?? [], plain = most === 1 && reserved.length === 0;
    for (let i = 1; i < d.tags.length; i++) if (!(d.tags[i - 1] < d.tags[i])) return false;
    if (d.format !== (plain ? "liren-draw/1" : "liren-draw/2") || d.tags.length !== d.entries || d.root !== say.root || await rootOf(d.tags) !== say.root) return false;
    const custodians = [...d.custodians].sort((a, b) => a.name < b.name ? -1 : 1);
    for (const c of custodians) if (hex(await sha(join(text.encode("liren-commit/1\n"), bytes(c.secret)))) !== c.commit) return false;
    const classes = d.tags.map(() => 0);
    for (const [i, r] of reserved.entries()) {
      if (r.numbers.length !== r.entries || await rootOf(r.numbers.map(n => d.tags[n])) !== r.root) return false;
      for (const n of r.numbers) { if (classes[n]) return false; classes[n] = i + 1; }
    }
    const more = plain ? [] : [`tickets=${most}`, ...reserved.map(r => `reserve=${r.name} winners=${r.winners} entries=${r.entries} root=${r.root}`)];
    const lines = [plain ? "liren-draw/1" : "liren-draw/2", `round=${d.round}`, `entries=${d.entries}`, `winners=${d.winners}`, `root=${d.root}`, ...more, ...custodians.map(c => `secret=${c.secret}`), `beacon=${d.beacon}`];
    if (hex(await sha(text.encode(lines.join("\n")))) !== d.seed) return false;
    const drawn = await order(d.seed, d.entries, d.steps.length), holders = most > 1 ? await holdersOf(d.tags, most) : d.tags.map((_, i) => i);
    const kept = reserved.map(r => r.winners), standing = new Map();
    let open = d.winners - kept.reduce((a, b) => a + b, 0), waits = d.waiting;
    for (const [i, step] of d.steps.entries()) {
      const at = drawn[i], of = classes[at], with_ = standing.get(holders[at]);
      if (step.index !== at || step.tag !== d.tags[at]) return false;
      let outcome = "passed", className;
      if (with_ !== undefined) { if (step.outcome !== "skipped" || step.with !== d.tags[with_]) return false; continue; }
      if (of && kept[of - 1] > 0) { kept[of - 1]--; outcome = "won"; className = reserved[of - 1].name; }
      else if (open > 0) { open--; outcome = "won"; }
      else if (waits > 0) { waits--; outcome = "waiting"; }
      if (step.outcome !== outcome || step.class !== className) return false;
      if (outcome !== "passed") standing.set(holders[at], at);
    }
    return d.steps.length === d.entries || open + waits + kept.reduce((a, b) => a + b, 0) === 0;
  };

  const run = work => async () => {
    // Only over https, or on this machine, do browsers lend their hash functions.
    if (!globalThis.crypto?.subtle) return show(say.insecure, false);
    show(say.working, true);
    await work().catch(problem => show(problem.message, false));
  };

  document.getElementById("check-receipt").onclick = run(async () => {
    const receipt = document.getElementById("receipt").value.trim().toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(receipt)) return show(say.badReceipt, false);
    const got = await fetch(say.proof + receipt);
    if (!got.ok) return show(say.unknown, false);
    const proof = await got.json();
    if (await climb(proof.index, Number(say.entries), receipt, proof.path) !== say.root) return show(say.unlisted, false);
    const listed = fill(say.listed, proof.index + 1, say.entries);
    if (!say.draw) return show(listed, true);
    const draw = await (await fetch(say.draw)).json(), own = new Set([receipt]), ticket = new TextEncoder().encode("liren-ticket/1\n");
    for (let n = 1; n < (draw.mostTickets ?? 1); n++) own.add(hex(await sha(join(ticket, bytes(receipt), be32(n)))).slice(0, 32));
    const place = [...draw.steps.filter(s => s.outcome === "won"), ...draw.steps.filter(s => s.outcome === "waiting")].findIndex(s => own.has(s.tag)) + 1;
    show(`${listed} ${place === 0 ? say.lost : place <= draw.winners ? fill(say.won, place) : fill(say.waits, place - draw.winners)}`, true);
  });

  const whole = document.getElementById("check-draw");
  if (whole) whole.onclick = run(async () => show(await checkDraw(await (await fetch(say.draw)).json()) ? say.holds : say.fails, true));
})();

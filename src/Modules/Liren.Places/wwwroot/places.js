// The map (own SVG, no tiles) and the housing board under the hand: zoom, pan, arrow keys.
export function map(box) {
  const svg = box.querySelector("svg");
  if (!svg || svg.dataset.ready) return;
  svg.dataset.ready = "1";
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = [...whole];
  const show = () => {
    svg.setAttribute("viewBox", view.join(" "));
    // Metres for one pixel: words and points keep their size whatever the zoom.
    const r = svg.getBoundingClientRect();
    const metres = Math.max(view[2] / r.width, view[3] / r.height);
    svg.style.setProperty("--m", metres);
    svg.classList.toggle("far", metres > 0.8);
    svg.classList.toggle("close", metres < 0.35);
  };
  const zoom = (by, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) => {
    const width = Math.min(whole[2], Math.max(whole[2] / 24, view[2] / by)), k = width / view[2];
    view = [x - (x - view[0]) * k, y - (y - view[1]) * k, width, view[3] * k];
    keep();
  };
  const keep = () => {
    for (const i of [0, 1]) view[i] = Math.min(Math.max(view[i], whole[i]), whole[i] + whole[i + 2] - view[i + 2]);
    show();
  };
  const at = e => { const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse()); return [p.x, p.y]; };
  const fingers = new Map();
  let moved = 0, apart = 0;
  svg.addEventListener("pointerdown", e => { fingers.set(e.pointerId, e); moved = 0; apart = 0; });
  svg.addEventListener("pointermove", e => {
    const before = fingers.get(e.pointerId);
    if (!before) return;
    fingers.set(e.pointerId, e);
    if (fingers.size === 1) {
      const scale = svg.getScreenCTM().a;
      moved += Math.abs(e.clientX - before.clientX) + Math.abs(e.clientY - before.clientY);
      if (moved > 4 && view[2] < whole[2]) {
        svg.setPointerCapture(e.pointerId);
        view[0] -= (e.clientX - before.clientX) / scale;
        view[1] -= (e.clientY - before.clientY) / scale;
        keep();
      }
    } else if (fingers.size === 2) {
      const [a, b] = [...fingers.values()], now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      if (apart > 0) zoom(now / apart, ...at({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }));
      apart = now;
      moved = 99;
    }
  });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, e => { fingers.delete(e.pointerId); apart = 0; });
  // What was dragged was not clicked.
  svg.addEventListener("click", e => { if (moved > 4) { e.preventDefault(); e.stopPropagation(); } }, true);
  // The page scrolls over the map; only with Ctrl, or a pinch on a touchpad, does the wheel zoom.
  svg.addEventListener("wheel", e => { if (!e.ctrlKey) return; e.preventDefault(); zoom(e.deltaY < 0 ? 1.25 : 0.8, ...at(e)); }, { passive: false });
  box.addEventListener("click", e => {
    const act = e.target.closest("[data-zoom]")?.dataset.zoom;
    if (act === "in") zoom(1.5);
    if (act === "out") zoom(1 / 1.5);
    if (act === "all") { view = [...whole]; show(); }
  });
  svg.addEventListener("keydown", e => {
    const step = view[2] / 8, go = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key];
    if (go) { view[0] += go[0]; view[1] += go[1]; keep(); e.preventDefault(); }
    if (e.key === "+" || e.key === "=") zoom(1.5);
    if (e.key === "-") zoom(1 / 1.5);
    if (e.key === "0") { view = [...whole]; show(); }
  });
  new ResizeObserver(show).observe(svg);
  show();
}

// Arrow keys walk the board: left and right along the floor, up and down between floors.
export function board(table) {
  if (!table || table.dataset.ready) return;
  table.dataset.ready = "1";
  table.addEventListener("keydown", e => {
    const cell = e.target.closest(".cell");
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
    if (!cell || !way) return;
    e.preventDefault();
    const rows = [...table.querySelectorAll("tbody tr")].map(r => [...r.querySelectorAll(".cell")]);
    const y = rows.findIndex(r => r.includes(cell)), x = rows[y].indexOf(cell);
    const row = rows[y + way[0]];
    row?.[Math.min(x + way[1], row.length - 1)]?.focus();
  });
}

// A pad to sign on: finger, pen or mouse. Keeps what was drawn as strokes in a box of 600 x 200, however large the pad is on the glass.
const width = 600, height = 200, most = 1500, least = 3;
let strokes = [], current = null, points = 0;

export function begin(canvas) {
  const pen = canvas.getContext("2d");
  [canvas.width, canvas.height] = [width, height];
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  clear(canvas);
  const at = event => {
    const box = canvas.getBoundingClientRect();
    const within = (value, end) => Math.round(Math.min(end, Math.max(0, value)));
    return [within((event.clientX - box.left) / box.width * width, width), within((event.clientY - box.top) / box.height * height, height)];
  };
  canvas.onpointerdown = event => {
    if (points >= most) return;
    canvas.setPointerCapture(event.pointerId);
    current = at(event);
    strokes.push(current);
    points++;
  };
  canvas.onpointermove = event => {
    if (!current || points >= most) return;
    const [x, y] = at(event), [fromX, fromY] = current.slice(-2);
    if (Math.hypot(x - fromX, y - fromY) < least) return;
    current.push(x, y);
    points++;
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(x, y);
    pen.stroke();
  };
  canvas.onpointerup = canvas.onpointercancel = () => { current = null; };
  canvas.dataset.ready = "";
}

export function clear(canvas) {
  [strokes, current, points] = [[], null, 0];
  canvas.getContext("2d").clearRect(0, 0, width, height);
}

export const drawn = () => strokes;

// Paints a graph: lines, dots, and as many names as find room.

const HUES = 8;
const NAMES = 80;
const FEW = 60;
const LONGEST = { few: 40, many: 28 };
const FONT_SIZE = 12.5;

export class Painter {
  #canvas;
  #pen;
  #nodes;
  #edges;
  #links;
  #order;
  #heaviest;
  #most;

  constructor(canvas, nodes, edges, links) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.#nodes = nodes;
    this.#edges = edges;
    this.#links = links;
    this.#order = nodes
      .map((_, number) => number)
      .sort((one, other) => weight(nodes[other]) - weight(nodes[one]) || one - other);
    this.#heaviest = Math.max(1, ...edges.map(([, , times]) => times ?? 1));
    this.#most = Math.max(1, ...nodes.map(weight));
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  radius(node, camera) {
    const few = this.#nodes.length <= FEW;
    const share = Math.sqrt(weight(node) / this.#most);
    const size = few ? 4 + 6 * share : 2 + 7 * share;
    return (node.here ? Math.max(size, 9) : size) * Math.min(2.5, camera.closeness ** 0.45);
  }

  paint(camera, active) {
    const colours = coloursOf(this.#canvas);
    const near = active === null ? null : new Set([active, ...this.#links[active]]);
    this.#pen.clearRect(0, 0, camera.width, camera.height);
    this.#paintEdges(camera, colours, active);
    this.#paintNodes(camera, colours, near);
    this.#paintNames(camera, colours, active, near);
  }

  #paintEdges(camera, colours, active) {
    const pen = this.#pen;
    const faint = Math.min(0.75, Math.max(0.16, 60 / Math.sqrt(this.#edges.length + 1) / 10));
    for (const [one, other, times] of this.#edges) {
      const lit = one === active || other === active;
      pen.globalAlpha = lit ? 1 : active === null ? faint : faint / 2.5;
      pen.strokeStyle = lit ? colours.accent : colours.edge;
      pen.lineWidth = times ? 1 + 5 * Math.sqrt(times / this.#heaviest) : lit ? 1.5 : 1;
      pen.beginPath();
      pen.moveTo(...camera.place(this.#nodes[one]));
      pen.lineTo(...camera.place(this.#nodes[other]));
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  #paintNodes(camera, colours, near) {
    const pen = this.#pen;
    const here = this.#nodes.find((node) => node.here);
    // The small ones last, so that none is hidden.
    for (const number of this.#order) {
      const node = this.#nodes[number];
      const [x, y] = camera.place(node);
      const radius = this.radius(node, camera);
      if (x < -radius || y < -radius || x > camera.width + radius || y > camera.height + radius) {
        continue;
      }
      pen.globalAlpha = near && !near.has(number) ? 0.25 : 1;
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fillStyle = colourOf(node, here, colours);
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = colours.paper;
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  #paintNames(camera, colours, active, near) {
    const pen = this.#pen;
    const taken = [];
    const first = near ? [active, ...this.#order.filter((each) => each !== active && near.has(each))] : [];
    const here = this.#nodes.findIndex((node) => node.here);
    const order = [...first, ...(here >= 0 ? [here] : []), ...this.#order];
    const done = new Set();
    const few = this.#nodes.length <= FEW;
    const longest = few ? LONGEST.few : LONGEST.many;
    const dots = few ? this.#dots(camera) : [];
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    for (const number of order) {
      if (done.has(number) || taken.length >= NAMES) continue;
      done.add(number);
      const node = this.#nodes[number];
      const chief = number === active || node.here;
      const name = chief ? shortened(node.title, 60) : shortened(node.title, longest);
      pen.font = `${chief ? 600 : 400} ${FONT_SIZE}px ${colours.sans}`;
      const boxes = this.#boxesFor(node, camera, pen.measureText(name).width);
      const free = boxes.filter((box) => !taken.some((other) => overlap(box, other)));
      const clear = free.find((box) => !dots.some((dot) => dot.number !== number && overlap(box, dot)));
      const box = clear ?? (few && !chief ? undefined : free[0]) ?? (chief ? boxes[0] : undefined);
      if (!box) continue;
      taken.push(box);
      pen.globalAlpha = near && !near.has(number) ? 0.3 : 1;
      pen.strokeStyle = colours.paper;
      pen.lineWidth = 4;
      pen.strokeText(name, (box.left + box.right) / 2, box.top + 1);
      pen.fillStyle = colours.ink;
      pen.fillText(name, (box.left + box.right) / 2, box.top + 1);
    }
    pen.globalAlpha = 1;
  }

  /** What names should not stand on. */
  #dots(camera) {
    return this.#nodes.map((node, number) => {
      const [x, y] = camera.place(node);
      const size = this.radius(node, camera) - 1;
      return { number, left: x - size, right: x + size, top: y - size, bottom: y + size };
    });
  }

  /** Where a name can go: below its dot, above, at the sides; nowhere outside of the window. */
  #boxesFor(node, camera, width) {
    const [x, y] = camera.place(node);
    if (x < 0 || y < 0 || x > camera.width || y > camera.height) return [];
    const half = width / 2 + 3;
    const middle = Math.min(Math.max(x, half), Math.max(half, camera.width - half));
    const away = this.radius(node, camera) + 2;
    const high = FONT_SIZE + 4;
    const boxes = [
      [middle, y + away],
      [middle, y - away - high],
      [x + away + half, y - high / 2],
      [x - away - half, y - high / 2],
    ].map(([at, top]) => ({ left: at - half, right: at + half, top, bottom: top + high }));
    const seen = ({ left, right, top }) => left >= 0 && right <= camera.width && top >= 0;
    return [boxes[0], ...boxes.slice(1).filter(seen)];
  }
}

const weight = ({ links, notes }) => notes ?? links;

const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

function shortened(text, longest) {
  const letters = [...text];
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join("").trimEnd()}…`;
}

function colourOf(node, here, colours) {
  if (node.here) return colours.accent;
  if (here) return node.channel === here.channel ? colours.own : colours.other;
  return node.group < HUES ? colours.hues[node.group] : colours.other;
}

/** The page's colours as they are now, light or dark. */
function coloursOf(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    paper: value("--graph-paper"),
    ink: value("--ink"),
    accent: value("--accent"),
    edge: value("--graph-edge"),
    own: value("--graph-own"),
    other: value("--graph-other"),
    sans: value("--sans") || "sans-serif",
    hues: Array.from({ length: HUES }, (_, number) => value(`--graph-${number}`)),
  };
}

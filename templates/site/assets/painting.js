// Paints a graph: lines, dots, and as many names as find room.
import { LINE, Room, wrapped } from "./names.js";

const HUES = 8;
const NAMES = 80;
const FEW = 60;
const LINES = 200;
const FONT_SIZE = 12.5;
/** In how many pixels a name may be set, and on how many lines. */
const SHAPES = {
  few: [[200, 1], [150, 3], [120, 5], [95, 8]],
  many: [[180, 1]],
  chief: [[320, 1], [170, 3], [120, 5]],
};

export class Painter {
  #canvas;
  #pen;
  #nodes;
  #edges;
  #links;
  #order;
  #heaviest;
  #most;
  #few;
  #blocks = new Map();

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
    this.#few = nodes.length <= FEW;
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  radius(node, camera) {
    const share = Math.sqrt(weight(node) / this.#most);
    const size = this.#few ? 5 + 5 * share : 2 + 7 * share;
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
    const room = this.#room(camera);
    let left = NAMES;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = colours.paper;
    pen.fillStyle = colours.ink;
    for (const number of this.#inOrder(active, near)) {
      const node = this.#nodes[number];
      const [x, y] = camera.place(node);
      if (!left || x < 0 || y < 0 || x > camera.width || y > camera.height) continue;
      const chief = number === active || Boolean(node.here);
      pen.font = `${chief ? 600 : 400} ${FONT_SIZE}px ${colours.sans}`;
      const blocks = this.#blocksOf(number, chief);
      const found = room.find(number, [x, y], this.radius(node, camera), blocks, chief);
      if (!found) continue;
      left -= 1;
      pen.globalAlpha = near && !near.has(number) ? 0.3 : 1;
      found.block.lines.forEach((line, at) => {
        const place = [line, (found.left + found.right) / 2, found.top + at * LINE + 1];
        pen.strokeText(...place);
        pen.fillText(...place);
      });
    }
    pen.globalAlpha = 1;
  }

  /** The nodes in the order in which they get their names: those that matter most now come first. */
  #inOrder(active, near) {
    const first = near ? [active, ...this.#order.filter((each) => near.has(each))] : [];
    const here = this.#nodes.findIndex((node) => node.here);
    return new Set([...first, ...(here >= 0 ? [here] : []), ...this.#order]);
  }

  /** How a name can be set: on one line or on several. */
  #blocksOf(number, chief) {
    const key = chief ? -1 - number : number;
    const known = this.#blocks.get(key);
    if (known) return known;
    const measure = (text) => this.#pen.measureText(text).width;
    const shapes = chief ? SHAPES.chief : this.#few ? SHAPES.few : SHAPES.many;
    const made = shapes.map(([widest, most]) =>
      wrapped(this.#nodes[number].title, widest, most, measure),
    );
    this.#blocks.set(key, made);
    return made;
  }

  /** What names keep clear of: the buttons and, where the nodes are few, dots and lines. */
  #room(camera) {
    const { width, height } = camera;
    const buttons = { left: width - 48, right: width, top: height - 124, bottom: height };
    if (!this.#few) return new Room(camera, [], [], [buttons]);
    const places = this.#nodes.map((node) => camera.place(node));
    const dots = places.map(([x, y], number) => {
      const size = this.radius(this.#nodes[number], camera);
      return { number, left: x - size, right: x + size, top: y - size, bottom: y + size };
    });
    const lines = this.#edges.length <= LINES ? this.#edges : [];
    return new Room(camera, dots, lines.map(([one, other]) => [places[one], places[other]]), [buttons]);
  }
}

const weight = ({ links, notes }) => notes ?? links;

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

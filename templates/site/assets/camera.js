// Where in a window each node of a graph is seen: nodes stand between 0 and 1 in both directions.

const MARGIN = 44;
const CLOSEST = 12;
const SIDE = 80;
/** So far apart, in pixels, are the nodes of a small graph at most, were they in a square. */
const APART = 190;
const WIDEST = 1.8;

export class Camera {
  #bounds;
  #largest;
  #width = 0;
  #height = 0;
  #left = 0;
  #top = 0;
  // A graph is drawn somewhat wider or taller than it is, to use the window that there is.
  #wider = 1;
  #taller = 1;
  #fitted = true;
  /** Pixels from 0 to 1. */
  scale = 1;

  constructor(nodes) {
    const xs = nodes.map(({ x }) => x);
    const ys = nodes.map(({ y }) => y);
    this.#largest = APART * Math.sqrt(nodes.length);
    this.#bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  get width() {
    return this.#width;
  }

  get height() {
    return this.#height;
  }

  /** How much closer it is than when all was in view. */
  get closeness() {
    return this.scale / this.#whole().scale;
  }

  resize(width, height) {
    const middle = [this.#width / 2, this.#height / 2];
    this.#width = width;
    this.#height = height;
    if (this.#fitted) this.fit();
    else this.pan(width / 2 - middle[0], height / 2 - middle[1]);
  }

  fit() {
    const { scale, wider, taller } = this.#whole();
    const [west, north, east, south] = this.#bounds;
    this.scale = scale;
    this.#wider = wider;
    this.#taller = taller;
    this.#left = this.#width / 2 - ((west + east) / 2) * scale * wider;
    this.#top = this.#height / 2 - ((north + south) / 2) * scale * taller;
    this.#fitted = true;
  }

  /** The view in which all nodes are seen, with room for names at the sides. */
  #whole() {
    const [west, north, east, south] = this.#bounds;
    const side = Math.min(SIDE, this.#width / 8);
    const across = Math.max(40, this.#width - 2 * side) / Math.max(east - west, 0.05);
    const down = Math.max(40, this.#height - 2 * MARGIN) / Math.max(south - north, 0.05);
    const size = Math.max(east - west, south - north, 0.05);
    const scale = Math.min(across, down, this.#largest / size);
    return { scale, wider: Math.min(WIDEST, across / scale), taller: Math.min(WIDEST, down / scale) };
  }

  place({ x, y }) {
    return [
      x * this.scale * this.#wider + this.#left,
      y * this.scale * this.#taller + this.#top,
    ];
  }

  pan(right, down) {
    this.#left += right;
    this.#top += down;
    this.#fitted = false;
  }

  /** Closer by a factor; what is at a place of the window, its middle if not said, stays there. */
  zoom(factor, x = this.#width / 2, y = this.#height / 2) {
    const { scale } = this.#whole();
    const next = Math.min(scale * CLOSEST, Math.max(scale / 2, this.scale * factor));
    const by = next / this.scale;
    this.scale = next;
    this.#left = x + (this.#left - x) * by;
    this.#top = y + (this.#top - y) * by;
    this.#fitted = false;
  }

  /** Moves as far as is needed to see a node. */
  show(node) {
    const [x, y] = this.place(node);
    const right = Math.max(0, SIDE - x) - Math.max(0, x - (this.#width - SIDE));
    const down = Math.max(0, MARGIN - y) - Math.max(0, y - (this.#height - MARGIN));
    if (right || down) this.pan(right, down);
  }
}

// A graph of notes on a canvas: looked at with pointer, fingers or keys, and beside it as a list.
import { Camera } from "./camera.js";
import { addLegend, addList } from "./graphlist.js";
import { Painter } from "./painting.js";

const NEAR = { mouse: 12, pen: 16, touch: 24 };
const MOVED = 5;
const STEP = 1.4;
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Draws into an element what its data names, and tells there if that cannot be had. */
export async function mountGraph(host) {
  if (host.dataset.mounted) return;
  host.dataset.mounted = "yes";
  try {
    const { nodes, edges, groups } = await load(host);
    // Inline graphs are told from where the page is, those in files from the site's top.
    const root = host.dataset.inline ? "" : host.dataset.root;
    for (const node of nodes) node.address = new URL(root + node.url, document.baseURI).href;
    if (nodes.length) new GraphView(host, nodes, edges, groups ?? []);
    else tell(host, "There are no notes to draw yet.");
  } catch {
    delete host.dataset.mounted;
    tell(host, "The graph could not be loaded.");
  }
}

async function load({ dataset }) {
  if (dataset.inline) return JSON.parse(document.getElementById(dataset.inline).textContent);
  const reply = await fetch(dataset.src);
  if (!reply.ok) throw new Error(`the graph gave ${reply.status}`);
  return reply.json();
}

function tell(host, text) {
  const told = document.createElement("p");
  told.className = "graph-told";
  told.textContent = text;
  host.replaceChildren(told);
}

class GraphView {
  #nodes;
  #links;
  #canvas;
  #stage;
  #status;
  #camera;
  #painter;
  #active = null;
  #pointers = new Map();
  #pressed = null;
  #frame = 0;
  #whole;

  constructor(host, nodes, edges, groups) {
    this.#nodes = nodes;
    this.#links = nodes.map(() => new Set());
    for (const [one, other] of edges) {
      this.#links[one].add(other);
      this.#links[other].add(one);
    }
    this.#whole = host.classList.contains("graph-page");
    this.#build(host, groups);
    this.#camera = new Camera(nodes);
    this.#painter = new Painter(this.#canvas, nodes, edges, this.#links);
    this.#listen();
    // Also tells of the first size, and of the one when a hidden panel opens.
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
  }

  #build(host, groups) {
    const label = host.dataset.label;
    this.#stage = make("div", "graph-stage");
    this.#canvas = make("canvas", "");
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute("role", "application");
    this.#canvas.setAttribute(
      "aria-label",
      `${label}. The arrow keys go from note to note, Enter opens one; a list stands below.`,
    );
    this.#status = make("p", "hidden");
    this.#status.setAttribute("role", "status");
    const buttons = make("div", "graph-buttons");
    buttons.append(
      button("+", "Closer", () => this.#zoom(STEP)),
      button("−", "Farther", () => this.#zoom(1 / STEP)),
      button("⤢", "All of it", () => this.#fit()),
    );
    this.#stage.append(this.#canvas, buttons, this.#status);
    host.replaceChildren(this.#stage);
    addLegend(host, groups);
    addList(host, label, this.#nodes);
  }

  #listen() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => this.#onDown(event));
    canvas.addEventListener("pointermove", (event) => this.#onMove(event));
    canvas.addEventListener("pointerup", (event) => this.#onUp(event));
    canvas.addEventListener("pointercancel", (event) => this.#forget(event));
    canvas.addEventListener("pointerleave", (event) => this.#onLeave(event));
    canvas.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
    canvas.addEventListener("blur", () => this.#activate(null));
    document.addEventListener("themechange", () => this.#draw());
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (!width || !height) return;
    this.#painter.resize(width, height);
    this.#camera.resize(width, height);
    this.#paint(); // at once: a canvas that was given a size is empty
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#painter.paint(this.#camera, this.#active);
  }

  #zoom(factor, x, y) {
    this.#camera.zoom(factor, x, y);
    this.#draw();
  }

  #fit() {
    this.#camera.fit();
    this.#draw();
  }

  /** The node at a place of the canvas, the nearest of those within reach. */
  #at(event) {
    const reach = NEAR[event.pointerType] ?? NEAR.mouse;
    let best = null;
    let nearest = Infinity;
    this.#nodes.forEach((node, number) => {
      const [x, y] = this.#camera.place(node);
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY);
      const size = this.#painter.radius(node, this.#camera);
      if (distance < nearest && distance <= Math.max(size, reach)) {
        best = number;
        nearest = distance;
      }
    });
    return best;
  }

  #activate(number) {
    if (number === this.#active) return;
    this.#active = number;
    this.#canvas.style.cursor = number === null ? "" : "pointer";
    this.#draw();
  }

  #onDown(event) {
    if (event.button > 1) return;
    if (event.button === 1) event.preventDefault(); // else the page begins to scroll by itself
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, event);
    const single = this.#pointers.size === 1;
    this.#pressed = single ? { event, number: this.#at(event) } : null;
  }

  #onMove(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.#activate(this.#at(event));
      return;
    }
    const others = [...this.#pointers.values()].filter((each) => each !== before);
    this.#pointers.set(event.pointerId, event);
    if (others.length) {
      this.#pinch(before, event, others[0]);
      return;
    }
    const start = this.#pressed?.event;
    if (start && distanceOf(start, event) > MOVED) this.#pressed = null;
    if (this.#pressed) return;
    this.#camera.pan(event.offsetX - before.offsetX, event.offsetY - before.offsetY);
    this.#draw();
  }

  #pinch(before, now, other) {
    const x = (now.offsetX + other.offsetX) / 2;
    const y = (now.offsetY + other.offsetY) / 2;
    this.#camera.pan((now.offsetX - before.offsetX) / 2, (now.offsetY - before.offsetY) / 2);
    this.#zoom(distanceOf(now, other) / Math.max(1, distanceOf(before, other)), x, y);
  }

  #onUp(event) {
    const pressed = this.#pressed;
    this.#forget(event);
    if (!pressed || pressed.number === null || this.#at(event) !== pressed.number) return;
    this.#go(pressed.number, event.button === 1 || event.ctrlKey || event.metaKey);
  }

  #forget(event) {
    this.#pointers.delete(event.pointerId);
    this.#pressed = null;
  }

  #onLeave(event) {
    this.#forget(event);
    if (document.activeElement !== this.#canvas) this.#activate(null);
  }

  #onWheel(event) {
    // Within a text the wheel scrolls the text.
    const wanted = this.#whole || event.ctrlKey || document.activeElement === this.#canvas;
    if (!wanted) return;
    event.preventDefault();
    const lines = event.deltaMode ? 30 : 1;
    this.#zoom(1.0015 ** (-event.deltaY * lines), event.offsetX, event.offsetY);
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in DIRECTIONS) this.#step(DIRECTIONS[event.key]);
    else if (event.key === "Enter" && this.#active !== null) this.#go(this.#active, event.shiftKey);
    else if (event.key === "+" || event.key === "=") this.#zoom(STEP);
    else if (event.key === "-") this.#zoom(1 / STEP);
    else if (event.key === "0") this.#fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the next node in a direction: near, and not too far to the side. */
  #step([right, down]) {
    const from = this.#active ?? -1;
    if (from < 0) {
      this.#reach(this.#first());
      return;
    }
    const here = this.#nodes[from];
    let best = null;
    let least = Infinity;
    this.#nodes.forEach((node, number) => {
      const x = node.x - here.x;
      const y = node.y - here.y;
      const ahead = x * right + y * down;
      const aside = Math.abs(x * down) + Math.abs(y * right);
      const cost = ahead + 2 * aside - (this.#links[from].has(number) ? 0.5 * ahead : 0);
      if (number !== from && ahead > 0 && aside <= 2 * ahead && cost < least) {
        best = number;
        least = cost;
      }
    });
    if (best !== null) this.#reach(best);
  }

  #first() {
    const here = this.#nodes.findIndex((node) => node.here);
    if (here >= 0) return here;
    const most = Math.max(...this.#nodes.map(({ links }) => links));
    return this.#nodes.findIndex(({ links }) => links === most);
  }

  #reach(number) {
    this.#activate(number);
    this.#camera.show(this.#nodes[number]);
    const { title, links } = this.#nodes[number];
    this.#status.textContent = `${title}, ${links === 1 ? "one link" : `${links} links`}`;
  }

  #go(number, aside) {
    const { address, here } = this.#nodes[number];
    if (new URL(address).origin !== location.origin) return;
    if (aside) window.open(address, "_blank", "noopener");
    else if (!here) location.assign(address);
  }
}

const distanceOf = (one, other) =>
  Math.hypot(one.offsetX - other.offsetX, one.offsetY - other.offsetY);

function make(tag, name) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

function button(text, name, act) {
  const made = make("button", "");
  made.type = "button";
  made.textContent = text;
  made.title = name;
  made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

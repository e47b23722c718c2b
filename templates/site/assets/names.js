// Where the names of a graph stand: beside their dots, clear of other names and dots, and of lines
// as far as that can be.

export const LINE = 15;
const AWAY = 3;
const EDGE = 2;
const COST = { dot: 1000, cut: 40, line: 4, spot: 1, narrow: 3 };

/** A name on lines of at most so many pixels, as `measure` counts them; what is left out is told. */
export function wrapped(name, widest, most, measure) {
  const lines = [];
  for (const word of name.split(/\s+/).flatMap((each) => broken(each, widest, measure))) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && measure(longer) <= widest) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const cut = lines.length > most;
  if (cut) lines.splice(most - 1, Infinity, `${lines[most - 1]}…`);
  return { lines, cut, width: Math.max(...lines.map(measure)), height: lines.length * LINE };
}

/** A word as it is, or in pieces where it alone is too wide. */
function broken(word, widest, measure) {
  const pieces = [""];
  if (measure(word) <= widest) return [word];
  for (const letter of word) {
    if (measure(pieces.at(-1) + letter) <= widest) pieces[pieces.length - 1] += letter;
    else pieces.push(letter);
  }
  return pieces;
}

export class Room {
  #width;
  #height;
  #dots;
  #lines;
  #taken;

  /** `dots` are boxes, `lines` pairs of places, `taken` boxes where no name may stand. */
  constructor({ width, height }, dots, lines, taken) {
    this.#width = width;
    this.#height = height;
    this.#dots = dots;
    this.#lines = lines;
    this.#taken = taken;
  }

  /**
   * The best place for a name that can be set as any of `blocks`, about a dot: the block with its
   * left and top. None where all are taken, unless it `must` be seen.
   */
  find(number, [x, y], radius, blocks, must) {
    const spots = blocks.flatMap((block, narrow) =>
      this.#spots(x, y, radius, block).map((box, spot) => ({ ...box, block, narrow, spot })),
    );
    const free = spots.filter((box) => !this.#taken.some((other) => overlap(box, other)));
    let best = null;
    let least = must ? Infinity : COST.dot;
    for (const box of free.length || !must ? free : spots) {
      const cost = this.#cost(number, box);
      if (cost < least) [best, least] = [box, cost];
    }
    if (best) this.#taken.push(best);
    return best;
  }

  #cost(number, box) {
    const dots = this.#dots.filter((dot) => dot.number !== number && overlap(box, dot)).length;
    const lines = this.#lines.filter(([one, other]) => crosses(box, one, other)).length;
    const set = COST.cut * box.block.cut + COST.narrow * box.narrow + COST.spot * box.spot;
    return COST.dot * dots + COST.line * lines + set;
  }

  /** Below the dot, above it, and at its sides; nowhere outside of the window. */
  #spots(x, y, radius, { width, height }) {
    const half = width / 2;
    const away = radius + AWAY;
    const aside = radius * 0.7 + AWAY;
    const middle = Math.min(Math.max(x, half + EDGE), this.#width - half - EDGE);
    return [
      [middle, y + away],
      [middle, y - away - height],
      [x + away + half, y - height / 2],
      [x - away - half, y - height / 2],
      [x + aside + half, y + aside],
      [x - aside - half, y + aside],
      [x + aside + half, y - aside - height],
      [x - aside - half, y - aside - height],
    ]
      .map(([at, top]) => ({ left: at - half, right: at + half, top, bottom: top + height }))
      .filter(({ left, right, top, bottom }) => {
        const seen = left >= 0 && right <= this.#width && top >= 0 && bottom <= this.#height;
        return seen && left < x + half + away && right > x - half - away;
      });
  }
}

const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Whether a line between two places goes through a box (Liang and Barsky 1984). */
function crosses({ left, right, top, bottom }, [x, y], [toX, toY]) {
  let from = 0;
  let to = 1;
  for (const [step, room] of [
    [x - toX, x - left],
    [toX - x, right - x],
    [y - toY, y - top],
    [toY - y, bottom - y],
  ]) {
    if (step === 0 && room < 0) return false;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from < to;
}

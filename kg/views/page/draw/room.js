// Room on a sheet: what is taken, in cells, so that asking is quick.

import { push } from "../rules/words.js";

const CELL = 64;

/** Boxes are [x, y, width, height]. */
export class Room {
  cells = new Map();

  /** The cells that a box lies in; no generator, for it is asked for thousands of boxes a frame. */
  around([x, y, width, height]) {
    const cells = [];
    for (let i = Math.floor(x / CELL); i <= (x + width) / CELL; i += 1)
      for (let j = Math.floor(y / CELL); j <= (y + height) / CELL; j += 1) cells.push(i * 65536 + j);
    return cells;
  }

  free(box) {
    const [left, top, wide, high] = box;
    const meets = ([x, y, width, height]) => left < x + width && x < left + wide && top < y + height && y < top + high;
    return !this.around(box).some((cell) => this.cells.get(cell)?.some(meets));
  }

  /** Another that starts with what is taken here. */
  copy() {
    const made = new Room();
    for (const [cell, boxes] of this.cells) made.cells.set(cell, [...boxes]);
    return made;
  }

  take(box) {
    for (const cell of this.around(box)) push(this.cells, cell, box);
  }
}

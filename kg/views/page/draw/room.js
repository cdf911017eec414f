// Room on a sheet: what is taken, in cells, so that asking is quick.

import { push } from "../rules/words.js";

const CELL = 64;

/** Boxes are [x, y, width, height]. */
export class Room {
  cells = new Map();

  *around([x, y, width, height]) {
    for (let i = Math.floor(x / CELL); i <= (x + width) / CELL; i += 1) {
      for (let j = Math.floor(y / CELL); j <= (y + height) / CELL; j += 1) yield i * 65536 + j;
    }
  }

  free(box) {
    for (const cell of this.around(box)) {
      for (const [x, y, width, height] of this.cells.get(cell) ?? []) {
        if (box[0] < x + width && x < box[0] + box[2] && box[1] < y + height && y < box[1] + box[3])
          return false;
      }
    }
    return true;
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

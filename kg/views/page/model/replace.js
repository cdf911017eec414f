// Another picture in place of the one that the page shows: the same rules over other rows.

import { index } from "../rules/rows.js";
import { startAfresh } from "./state.js";
import { tell } from "./tell.js";
import { forgetCounts } from "./visible.js";

/** @param {any} data as Python writes it (`payload.py`); the state is what the address asks for */
export function replacePicture(data) {
  tell("lens"); // nothing plays on
  index(data);
  forgetCounts();
  startAfresh();
  tell("replaced");
}

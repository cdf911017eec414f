// Back to the whole.

import { fit } from "../draw/canvas.js";
import { stopRun } from "../model/run.js";
import { FRESH, change, state } from "../model/state.js";

export function reset() {
  stopRun();
  change({ ...FRESH, selected: state.selected });
  fit();
}

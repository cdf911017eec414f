// Time, and letting it run.

import { model } from "../rules/rows.js";
import { sameText, setState, state, undoStack } from "./state.js";
import { tell } from "./tell.js";
import { counted, ownTime } from "./visible.js";

export let playing = null; // while time runs: { timer, before: the state at its start }

let paused = null; // where the reader halted it: { before, at }

/** Of all that is here under the lens, whatever the other filters hide. */
export const timesHere = () =>
  [
    ...[...counted.here].map((index) => counted.facts[index].time),
    ...[...counted.links].map((index) => ownTime(model.links[index])),
  ].filter(Boolean);

/** Let time run: the end of the window moves from its beginning to where the reader had set it. */
export function play() {
  if (playing) return pause();
  const again = paused && paused.at === state.to ? paused : null;
  paused = null;
  const before = again?.before ?? state;
  const days = daysToPlay(before.to).filter((one) => !again || one > again.at);
  const step = Math.max(1, Math.ceil(days.length / 40));
  if (!again) undoStack.push(state);
  let index = 0;
  const next = () => {
    if (index >= days.length) return stopRun();
    const to = days[index];
    index += step;
    return setState({ ...state, to });
  };
  playing = { timer: setInterval(next, 700), before };
  return tell("run");
}

/** The days on which something begins within the window, its own first day before them. */
function daysToPlay(end) {
  const starts = timesHere().map(([start]) => start);
  const within = starts.filter(
    (one) => (state.from === null || one > state.from) && (end === null || one <= end),
  );
  return [...new Set([state.from, ...within])].filter(Boolean).sort();
}

function pause() {
  paused = { before: playing.before, at: state.to };
  haltRun();
  tell("run");
}

/** Time stands still, wherever it is. */
export function haltRun() {
  clearInterval(playing?.timer);
  playing = null;
}

/** Time stands still, and the window is as it was before it ran. */
export function stopRun() {
  if (!playing) return;
  const { to } = playing.before;
  haltRun();
  const next = { ...state, to };
  if (undoStack.length && sameText({ ...undoStack.at(-1), selected: null }, { ...next, selected: null }))
    undoStack.pop(); // nothing is left of it to undo
  setState(next);
}

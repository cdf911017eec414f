// Time, and letting it run.

import { model } from "../rules/rows.js";
import { daysOfWords } from "../rules/through.js";
import { sameText, setState, state, undoStack } from "./state.js";
import { tell } from "./tell.js";
import { counted, ownTime } from "./visible.js";

export let playing = null; // while time runs: { timer, name: of the day that moves, before: the state at its start }

let paused = null; // where the reader halted it: { name, before, at }

/** Of all that is here under the lens, whatever the other filters hide. */
export const timesHere = () =>
  [
    ...[...counted.here].map((index) => counted.facts[index].time),
    ...[...counted.links].map((index) => ownTime(model.links[index])),
  ].filter(Boolean);

/** Let time run: the end of the window (`to`), or the day by which all of it had been said (`asOf`),
    moves from its beginning to where the reader had set it. */
export function play(name = "to") {
  if (playing?.name === name) return pause();
  stopRun();
  const again = paused?.name === name && paused.at === state[name] ? paused : null;
  paused = null;
  const before = again?.before ?? state;
  const every = name === "to" ? daysToPlay(before.to) : daysSaid(before.asOf);
  const days = every.filter((one) => !again || one > again.at);
  const step = Math.max(1, Math.ceil(days.length / 40));
  if (!again) undoStack.push(state);
  let index = 0;
  const next = () => {
    if (index >= days.length) return stopRun();
    const at = days[index];
    index += step;
    return setState({ ...state, [name]: at });
  };
  playing = { timer: setInterval(next, 700), name, before };
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

/** The days on which something was said or withdrawn. */
const daysSaid = (end) => daysOfWords(model.claims).filter((one) => end === null || one <= end);

function pause() {
  const { name, before } = playing;
  paused = { name, before, at: state[name] };
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
  const { name, before } = playing;
  haltRun();
  const next = { ...state, [name]: before[name] };
  if (undoStack.length && sameText({ ...undoStack.at(-1), selected: null }, { ...next, selected: null }))
    undoStack.pop(); // nothing is left of it to undo
  setState(next);
}

// Who wants to know when something changes: what stands below does not know what stands above.

import { push } from "../rules/words.js";

const listeners = new Map();

export function on(event, act) {
  push(listeners, event, act);
}

export function tell(event, ...facts) {
  for (const act of listeners.get(event) ?? []) act(...facts);
}

/** A sentence for the reader. */
export const say = (text) => tell("say", text);

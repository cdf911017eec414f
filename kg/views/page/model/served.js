// The server that a page came from, where it came from one (`kg serve`): what can be asked of it.

import { model } from "../rules/rows.js";

/** What the page was told of its server, or null: a page that was opened from a disk asks nobody. */
export const served = () => model.about.served ?? null;

/** An address on the server, through the lens that this page was made with unless another is given. */
export function addressOf(asked, lens = served().lens) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...lens, ...asked }))
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") parts.append(name, one);
  return `?${parts}`;
}

export const go = (asked, lens) => location.assign(addressOf(asked, lens));

/** Entities of the whole graph by any name: [{ id, name, kind }]. */
export async function findAll(text) {
  const answer = await fetch(`find${addressOf({ q: text })}`);
  return answer.ok ? answer.json() : [];
}

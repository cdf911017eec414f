// What is said of a link or a node, in words.

import { nameOf } from "../rules/rows.js";
import { many, once, oneLine, plain, unique, words } from "../rules/words.js";
import { counted, ownTime } from "./visible.js";

export const bySupport = (links) =>
  [...links].sort(
    (one, another) => counted.counts.asserters(another.index) - counted.counts.asserters(one.index),
  );

export function saidBy(link) {
  const { who, unknown, status } = counted.counts.get(link.index);
  if (status !== "asserted") return words(status);
  const rest = who.length && unknown ? ` and ${many(unknown, "unknown asserter")}` : "";
  return `according to ${byName(who)}${rest}${against(link)}`;
}

/** The sources' own words of reservation, quoted. */
export const hedgesOf = (link) =>
  [...new Set(liveClaims(link).flatMap((claim) => claim.hedge ?? []))].map((hedge) => `“${hedge}”`).join(", ");

/** Somebody by name, up to four; of more it is said where they stand. */
const byName = (who) => {
  if (!who.length) return "unknown asserter";
  const names = who.slice(0, BY_NAME).map((by) => plain(nameOf(by)));
  const more = who.length - names.length;
  const last = more ? `${many(more, "other")} (a click tells whom)` : names.length > 1 ? names.pop() : "";
  return last ? `${names.join(", ")} and ${last}` : names[0];
};

const BY_NAME = 4;

/** Who denies it, and who says something else of it. */
function against(link) {
  const claims = claimsSeen(link).filter((claim) => !claim.negative);
  const contra = claims.flatMap((claim) => counted.disputes.get(claim.index) ?? []);
  return [
    ["denied", contra.filter((claim) => claim.negative)],
    ["disputed", contra.filter((claim) => !claim.negative)],
  ]
    .filter(([, some]) => some.length)
    .map(([verb, some]) => `; ${verb} by ${byName(unique(some.map((claim) => claim.asserter)).filter(known))}`)
    .join("");
}

const known = (asserter) => asserter !== undefined;

/** Every claim of a link under the lens, denials too. */
export const claimsSeen = (link) => link.claims.filter((claim) => counted.present.has(claim.index));

const timeText = (time) => (!time ? "" : time[0] === time[1] ? time[0] : `${time[0]} – ${time[1]}`);

/** When, in the words of whoever says so: `2018-09` names no day. */
export function whenSaid(link) {
  const own = once(liveClaims(link).map((claim) => claim.valid)) || link.properties?.valid;
  if (own || ownTime(link)) return own || timeText(ownTime(link));
  return wordsOfTime(link.from) || wordsOfTime(link.to);
}

/** The time of a node as it was given. */
export function wordsOfTime(index) {
  const { dates, properties, time } = counted.facts[index];
  const name = Object.keys(dates).find((one) => dates[one] === time);
  return properties[name] === undefined ? timeText(time) : [properties[name]].flat().join("; ");
}

export const liveClaims = (link) =>
  claimsSeen(link).filter((claim) => !claim.negative && counted.live(claim.index));

export function standingText(link) {
  const count = counted.counts.get(link.index);
  if (!count) return "declared";
  return count.status !== "asserted" ? count.status : count.disputed ? "disputed" : "asserted";
}

const FORMULA = /^\s*[=+\-@＝＋－＠]/;

/** A cell for a spreadsheet: what it would take for a formula is made text (kg/base/shown.py has the same rule). */
export function inert(cell) {
  const text = oneLine(cell);
  return FORMULA.test(text) ? `'${text}` : text;
}

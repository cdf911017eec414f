// Along time: who reports an event, as small numbers behind its name. Beside the picture, and in the
// legend of a sheet, it is said whose they are.

import { counted, shown } from "../model/visible.js";
import { model } from "../rules/rows.js";
import { voicesOf } from "./captions.js";

const NUMBERED = 24; // more are no key that anybody would read

const numbered = { of: null, names: [], at: new Map() };

/** The names of those who report what is shown, who reports most first, and whose numbers an event bears. */
function reported() {
  if (numbered.of === shown) return numbered;
  const events = [...shown.nodes].filter((index) => model.nodes[index].reported);
  const told = new Map(events.map((index) => [index, reportersNames(index)]));
  const counts = new Map();
  for (const name of [...told.values()].flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one) || (one < other ? -1 : 1));
  const at = new Map([...told].map(([index, by]) => [index, by.map((name) => names.indexOf(name) + 1).sort((one, other) => one - other)]));
  return Object.assign(numbered, names.length > NUMBERED ? { of: shown, names: [], at: new Map() } : { of: shown, names, at });
}

/** Who says a line of an event; what is said of blame and of what is denied stands under its name in words. */
function reportersNames(index) {
  const told = (link) => link.kind === "ATTRIBUTED_TO" || (link.to === index && counted.counts.get(link.index).disputed);
  const links = model.linksAt[index].filter((link) => shown.links.has(link.index) && counted.counts.has(link.index) && !told(link));
  return [...new Set(links.flatMap((link) => voicesOf(link).map(({ name }) => name)))];
}

const raised = (number) => String(number).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);

/** What follows the name of an event. */
export const reportersOf = (index) => (reported().at.get(index) ?? []).map(raised).join(",");

/** Whose the numbers are, in their order. */
export const reporterNames = () => reported().names.map((name, at) => `${raised(at + 1)} ${name}`);

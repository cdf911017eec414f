// How values of a type are read, compared and written: what the ontology's types say they use.

import { model } from "./rows.js";
import { DAY } from "./days.js";
import { push } from "./words.js";

/** A number; null where it is none, or an amount in another unit. */
export function ownNumber(claim, { unit }) {
  const own = claim.unit === undefined || unit === undefined || claim.unit === unit;
  return own ? numberOf(claim) : null;
}

/** A number with its bound, its digits in threes, and its unit. */
export function quantityCaption(claim) {
  const bound = { lower: "at least ", upper: "at most " }[claim.bound] ?? "";
  const number = numberOf(claim);
  const digits =
    number === null ? claim.value : number.toLocaleString("en", { maximumFractionDigits: 20 });
  return `${bound}${digits}${claim.unit ? ` ${claim.unit}` : ""}`;
}

export const numberOf = (claim) =>
  claim.value === undefined || claim.value === "" || Number.isNaN(Number(claim.value))
    ? null
    : Number(claim.value);

export const EAST = 14 * 3600000; // so long before that of UTC a day begins in the east,

export const WEST = 12 * 3600000; // and so long after it one ends in the west

/** Whether no day is in all of these dates. Times of day are compared as such, and with a day wherever on
    earth that may have been meant. */
export function daysApart(claims, declared, dates) {
  const all = claims.map((claim) => [claim.value, claim.validFrom, claim.validTo]);
  if (dates) all.push([String(declared), ...dates]);
  const isMoment = ([text]) => /T\d\d:/.test(text);
  const moments = all.filter(isMoment).map(([text]) => Date.parse(text));
  const plain = all.filter((one) => !isMoment(one));
  const first = Math.max(...plain.flatMap(([, from]) => (from ? [Date.parse(from)] : [])));
  const last = Math.min(...plain.flatMap(([, , to]) => (to ? [Date.parse(to)] : [])));
  const [earliest, latest] = [Math.min(...moments), Math.max(...moments)];
  return (
    first > last || latest > earliest || first - EAST > earliest || latest >= last + DAY + WEST
  );
}

/** Whether numbers with their bounds leave no value that fits them all, unit by unit. */
export function numbersApart(claims, declared, _, { unit }) {
  const units = new Map();
  if (declared !== undefined) push(units, unit, { number: declared, bound: "point" });
  for (const claim of claims) {
    const number = numberOf(claim);
    if (number !== null) push(units, claim.unit, { number, bound: claim.bound });
  }
  return [...units.values()].some((some) => {
    const among = (not) => some.filter(({ bound }) => bound && bound !== not).map(({ number }) => number);
    return Math.max(...among("upper")) > Math.min(...among("lower"));
  });
}

/** A country by its usual English name: the code is for machines. */
export const countryCaption = (claim) => model.about.countries[claim.value] ?? claim.value;

// Words and lists that everything uses.

/** Analytic confidence, in order. A claim without one is not rated: neither low nor half. */
export const LEVELS = ["low", "moderate", "high"];

export function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

export const words = (kind) => kind.toLowerCase().replaceAll("_", " ");

export const kindWords = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2");

export const many = (count, one, more = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** A text without the characters that turn the direction of what follows it. */
export const plain = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

/** Somebody's own words within a sentence of ours: `withNames` sets them apart. */
export const isolated = (text) => `\u2068${plain(text)}\u2069`;

export const unique = (values) => [...new Set(values)].sort();

const BEYOND_ASCII = /[^\0-\x7f]/;

export const fold = (text) => (BEYOND_ASCII.test(text) ? text.normalize("NFKD").replace(/\p{M}/gu, "") : text).toLowerCase();

export const once = (texts) => [...new Set(texts.filter(Boolean))].join("; ");

export const oneLine = (cell) => String(cell).replace(/\s+/g, " ");

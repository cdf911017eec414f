/** The document: its paragraphs, its sentences, and where words stand in it. Spans count code points. */
export const data = JSON.parse(document.getElementById("data").textContent);
export const points = Array.from(data.text);

const ALIKE = { "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\u2018": "'", "\u2019": "'",
  "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-" };

/** A text with one sign for each sort of space, quote and hyphen; of equal length (`kg.claims.text`). */
export function alike(text) {
  return Array.from(text, (sign) => ALIKE[sign] ?? sign).join("");
}

/** First character and end of each non-empty line. */
export const paragraphs = [];
/** The same of each sentence. */
export const sentences = [];
{
  let start = 0;
  for (const line of data.text.split("\n")) {
    const signs = Array.from(line);
    if (line.trim()) {
      paragraphs.push([start, start + signs.length]);
      for (const found of line.matchAll(/\S.*?(?:[.!?]["”’')\]]*(?=\s+["“‘(]?[\p{Lu}\d])|$)/gu)) {
        const from = start + Array.from(line.slice(0, found.index)).length;
        if (found[0].trim()) sentences.push([from, from + Array.from(found[0].trimEnd()).length]);
      }
    }
    start += signs.length + 1;
  }
}

export function words([start, end]) {
  return points.slice(start, end).join("");
}

/** The number of the paragraph in which a character stands, from 1. */
export function paragraphAt(at) {
  return Math.max(1, paragraphs.filter(([start]) => start <= at).length);
}

export function sentenceAt(at) {
  const found = sentences.findIndex(([start, end]) => start <= at && at <= end);
  return found < 0 ? Math.max(0, sentences.findLastIndex(([start]) => start <= at)) : found;
}

/** Where words stand, as [start, end]; all places. */
export function find(text) {
  const parts = alike(text).trim().split(/\s+/).filter(Boolean).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!parts.length) return [];
  const plain = alike(data.text);
  return [...plain.matchAll(new RegExp(parts.join("\\s+"), "gu"))].map((one) => {
    const start = Array.from(plain.slice(0, one.index)).length;
    return [start, start + Array.from(one[0]).length];
  });
}

/** A span without blanks at its ends, cut at the end of its first paragraph. */
export function trimmed([start, end]) {
  const line = paragraphs[paragraphAt(start) - 1] || [0, points.length];
  if (start < line[0]) start = line[0];
  if (end > line[1]) end = line[1];
  while (start < end && /\s/.test(points[start])) start++;
  while (end > start && /\s/.test(points[end - 1])) end--;
  return [start, end];
}

// The same rules as Python's: `kg.drafts.document.slug`, `kg.drafts.calling.short`, `kg.claims.held.tells`

export function slug(text) {
  const folded = text.toLowerCase().replaceAll("ß", "ss").replaceAll("'", "");
  const made = Array.from(folded.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, ""));
  return made.slice(0, 60).join("") || "untitled";
}

export function short(name, most = data.longest) {
  const whole = slug(name);
  if (Array.from(whole).length <= most) return whole;
  const cut = Array.from(whole).slice(0, most + 1).join("");
  const at = cut.lastIndexOf("-");
  return (at > 0 ? cut.slice(0, at) : "") || Array.from(whole).slice(0, most).join("");
}

/** A short sum of words, by which it is told whether they still stand at a span (`kg.claims.text.mark`). */
export function mark(text) {
  let sum = 0;
  for (const sign of text) sum = (Math.imul(sum, 31) + sign.codePointAt(0)) >>> 0;
  return sum.toString(16).padStart(8, "0");
}

const STEM = 5;
const form = (word) => `${/^\p{Ll}/u.test(word)}${Array.from(word.toLowerCase()).slice(0, STEM).join("")}`;
const wordsOf = (text) => alike(text).match(/[\p{L}\p{N}]+/gu) || [];

/** Whether words name a thing. */
export function tells(said, name) {
  const there = new Set(wordsOf(said).map(form));
  const parts = wordsOf(name);
  const long = parts.filter((part) => Array.from(part).length > 3 || /^\p{Nd}+$/u.test(part));
  const initials = parts.filter((part) => !["of", "the", "and", "for"].includes(part)).map((part) => Array.from(part)[0]).join("");
  return [...(long.length ? long : parts), ...(initials ? [initials] : [])].some((part) => there.has(form(part)));
}

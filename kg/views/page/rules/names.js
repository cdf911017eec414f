// Every name of a picture's nodes, folded, in one text of a line each: where letters stand in it is found
// without looking at each of hundreds of thousands of names.

import { model } from "./rows.js";
import { fold, oneLine } from "./words.js";

/** Of these rows: the names, whose each is, the text, and where each begins in it. */
const called = { of: null, settled: 0, names: [], owners: [], text: "", starts: null };

/** Gets the names ready, once for the rows as they are settled; whoever has time does it before somebody asks. */
export function gatherNames() {
  if (called.of === model.nodes && called.settled === model.settled) return called;
  const [names, owners] = [[], []];
  for (const node of model.nodes)
    for (const name of goingBy(node)) {
      names.push(name);
      owners.push(node.index);
    }
  const text = `${fold(names.map(oneLine).join("\n"))}\n`;
  return Object.assign(called, { of: model.nodes, settled: model.settled, names, owners, text, starts: startsOf(text, names.length) });
}

/** Whatever a node goes by under any lens: its name first, its ids last. */
function goingBy(node) {
  if (!node.names && !node.then && !node.ids && !model.valuesOf.has(node.index)) return [node.today, node.id];
  const claimed = (model.valuesOf.get(node.index) ?? []).filter(({ predicate }) => model.about.naming.includes(predicate));
  const listed = (node.then ?? []).flatMap(([, { name, names }]) => [name, ...(names ?? [])]).filter(Boolean);
  return [node.today, ...(node.names ?? []), ...listed, ...claimed.map(({ value }) => value), ...(node.ids ?? []), node.id];
}

function startsOf(text, count) {
  const starts = new Uint32Array(count + 1);
  for (let line = 1, at = 0; line <= count; line += 1) starts[line] = at = text.indexOf("\n", at) + 1;
  return starts;
}

/** Of each node that `may` be found: its name that holds all words of a question and fits it best, as
    [node, name, rank], the `most` highest. `may(node, name)` is asked only of what would be among them. */
export function holding(question, most, may) {
  const { names, owners, text, starts } = gatherNames();
  const parts = fold(question).split(/\s+/).filter(Boolean);
  const whole = parts.join(" ");
  if (!whole) return [];
  const [rarest, ...rest] = [...parts].sort((one, another) => another.length - one.length);
  const best = new Best(most, may);
  let line = 0;
  for (let at = text.indexOf(rarest); at >= 0; at = text.indexOf(rarest, starts[line + 1])) {
    while (starts[line + 1] <= at) line += 1;
    const [start, end] = [starts[line], starts[line + 1] - 1];
    if (rest.length && !rest.every((part) => text.slice(start, end).includes(part))) continue;
    const begins = text.startsWith(whole, start);
    const fits = begins ? (end - start === whole.length ? 1e6 : 1e3) : 0;
    best.offer(model.nodes[owners[line]], names[line], fits + model.nodes[owners[line]].weight);
  }
  return best.rows;
}

/** The same for a question that nothing holds: the nodes a name of which, or a word of it, is most like it.
    Dice's coefficient: which share of their pairs of letters two words have in common. */
export function likest(question, most, may) {
  const { names, owners, text, starts } = gatherNames();
  const asked = fold(oneLine(question)).trim();
  const best = new Best(most, may);
  if (!asked) return [];
  const likeness = new Likeness(asked);
  for (let line = 0; line < names.length; line += 1) {
    const rank = likeness.of(text, starts[line], starts[line + 1] - 1);
    if (rank > ALIKE) best.offer(model.nodes[owners[line]], names[line], rank);
  }
  return best.rows;
}

const ALIKE = 0.4;

const SPACE = 32;

/** How like a question names are. Its letters have small numbers, so that each pair has a place in a table:
    millions of letters are read in a moment. */
class Likeness {
  constructor(asked) {
    this.letters = new Uint8Array(65536);
    const alphabet = [...new Set(`${asked} `.split(""))].slice(0, 255);
    alphabet.forEach((letter, at) => {
      this.letters[letter.charCodeAt(0)] = at + 1;
    });
    this.wide = alphabet.length + 1;
    this.pairs = new Int32Array(this.wide * this.wide);
    let count = 0;
    for (let at = 0; at < asked.length; at += 1) {
      const pair = this.pairAt(asked, at, asked.length);
      this.pairs[pair] ||= count += 1;
    }
    this.count = count;
    // pair of the question → in which name, and in which word, it was met last
    this.inName = new Int32Array(count + 1);
    this.inWord = new Int32Array(count + 1);
    this.turn = 0;
  }

  pairAt(text, at, end) {
    const next = at + 1 < end ? text.charCodeAt(at + 1) : SPACE;
    return this.letters[text.charCodeAt(at)] * this.wide + this.letters[next];
  }

  /** Of the name that stands in a text from `start` to `end`, or of the likest of its words. */
  of(text, start, end) {
    const name = (this.turn += 1);
    let [word, begun, best, common, shared] = [(this.turn += 1), start, 0, 0, 0];
    for (let at = start; at < end; at += 1) {
      if (text.charCodeAt(at) === SPACE) {
        best = Math.max(best, this.share(shared, at - begun));
        [word, begun, shared] = [(this.turn += 1), at + 1, 0];
      }
      const pair = this.pairs[this.pairAt(text, at, end)];
      if (!pair) continue;
      if (this.inName[pair] !== name) common += 1;
      if (this.inWord[pair] !== word) shared += 1;
      this.inName[pair] = name;
      this.inWord[pair] = word;
    }
    return Math.max(best, this.share(shared, end - begun), this.share(common, end - start));
  }

  share(common, length) {
    return (2 * common) / (this.count + length);
  }
}

/** The highest ranks that were offered, one a node; of equal ones the first. */
class Best {
  constructor(most, may) {
    this.most = most;
    this.may = may;
    this.rows = [];
  }

  offer(node, name, rank) {
    const { rows, most } = this;
    if (rows.length === most && rank <= rows[most - 1][2]) return;
    const own = rows.findIndex(([one]) => one === node);
    if (own >= 0 && rank <= rows[own][2]) return;
    if (!this.may(node, name)) return;
    if (own >= 0) rows.splice(own, 1);
    const place = rows.findIndex((row) => row[2] < rank);
    rows.splice(place < 0 ? rows.length : place, 0, [node, name, rank]);
    if (rows.length > most) rows.pop();
  }
}

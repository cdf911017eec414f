// How wide letters are where nobody can be asked: those of a usual sans-serif, a little on the wide side.

const NARROW_LETTERS = "iljtf.,:;'|!I()[]·- ";
const WIDE_LETTERS = "mwMW@—…%";

const share = (letter) => {
  if (NARROW_LETTERS.includes(letter)) return 0.33;
  if (WIDE_LETTERS.includes(letter)) return 0.94;
  const code = letter.codePointAt(0);
  if (code > 0x2e7f) return 1; // ideographs, symbols
  return letter !== letter.toLowerCase() ? 0.7 : 0.58;
};

const SIZE = /(\d+) ([\d.]+)px/;

/** Pixels that a text takes in a font, as CSS has it. */
export function estimated(text, font) {
  const [, weight, size] = SIZE.exec(font);
  const bold = Number(weight) > 550 ? 1.07 : 1;
  return [...text].reduce((sum, letter) => sum + share(letter), 0) * Number(size) * bold;
}

// Days of the calendar.

const read = new Map(); // text → day: hundreds of thousands of claims were made on some thousand days

/** A day of the calendar, as it is written; anything else is none. */
export function day(text) {
  let found = read.get(text);
  if (found === undefined) read.set(text, (found = dayIn(text)));
  return found;
}

function dayIn(text) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text ?? "")) return null;
  const [year, month, number] = text.split("-").map(Number);
  if (year < 1 || month < 1 || month > 12 || number < 1) return null;
  return number <= 28 || number <= lengthOf(month, year) ? text : null;
}

const lengthOf = (month, year) => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

export const DAY = 86400000;

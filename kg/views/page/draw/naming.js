// What was named in the last drawing, and where: for tests, and for what is said of what is not named.

export const noNames = () => ({ headings: [], nodes: [], communities: [], boxes: [], symbols: [] });

export const naming = { drawn: noNames() };

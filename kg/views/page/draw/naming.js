// What was named in the last drawing, and where: for tests, and for what is said of what is not named.

export const noNames = () => ({ headings: [], nodes: [], communities: [], boxes: [], captions: [], symbols: [], unnamed: 0, uncaptioned: 0, untold: 0, below: 0, density: false, single: 0 });

export const naming = { drawn: noNames() };

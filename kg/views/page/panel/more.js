// What a page with a server behind it adds: a file that is shared has none of it.

export const more = {
  /** @type {[string, (node: any) => any][]} */
  actions: [], // on a chosen node: its word, and what it does
  /** @type {[string, string, () => any][]} */
  parts: [], // above the legend: id, heading, content
};

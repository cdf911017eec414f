// What is visible, as a file. Each carries its heading, corpus date, version, sources and marking.

function provenance() {
  const { title, date, version, manifest, sources, marking } = model.about;
  const lens = [
    state.asOf ? `as of ${state.asOf}` : null,
    state.by === null ? null : `according to ${nameOf(state.by)}`,
    givenLensText(),
  ]
    .filter(Boolean)
    .join(", ");
  return {
    title,
    corpus_date: date,
    version,
    ledger: manifest,
    lens: lens || "none",
    filters: filtersSet().join("; ") || "none",
    counts: `${shown.nodes.size} of ${counted.here.size} nodes, ${shown.links.size} of ${counted.links.size} relations`,
    sources: sources.join(", "),
    marking,
  };
}

function givenLensText() {
  const { as_of, according_to } = model.about.lens;
  return [as_of ? `as of ${as_of}` : null, according_to ? `according to ${according_to}` : null]
    .filter(Boolean)
    .join(", ");
}

const NAMED = 12; // so many hidden or chosen nodes are named, the others counted

/** What is set besides the lens, in words: without it nobody could tell a part from the whole. */
function filtersSet() {
  const near = state.near ?? null;
  const opening = !near && !state.only && !state.all && model.nodes.some((node) => node.later);
  return [
    state.kinds.length && `without the kinds ${state.kinds.map(kindWords).join(", ")}`,
    state.relations.length && `without the relations ${state.relations.map(words).join(", ")}`,
    (state.from || state.to) && `time ${state.from ?? "open"} – ${state.to ?? "open"}`,
    !state.undated && "without undated",
    state.min && `at least ${many(state.min, "independent asserter")}`,
    state.confidence && `analytic confidence at least ${LEVELS[state.confidence - 1]}`,
    !state.unrated && "without not rated",
    state.hidden.length && `hidden: ${namesOf(state.hidden)}`,
    near && `neighbourhood of ${nameOf(near.node)}, ${many(near.hops, "step")}`,
    state.only && `only (neighbourhood or path): ${namesOf(state.only)}`,
    opening && `only the weightiest nodes${state.more.length ? ` and ${namesOf(state.more)}` : ""}`,
  ].filter(Boolean);
}

function namesOf(numbers) {
  const more = numbers.length - NAMED;
  const named = numbers.slice(0, NAMED).map(nameOf).join(", ") || "nothing";
  return more > 0 ? `${named} and ${more.toLocaleString("en")} more` : named;
}

const factLine = () => {
  const facts = provenance();
  return `Corpus ${facts.corpus_date ?? "undated"} · kg ${facts.version} · ledger ${facts.ledger.slice(0, 12)} · ${facts.counts} · sources: ${facts.sources || "none named"} · marking: ${facts.marking}${facts.lens === "none" ? "" : ` · ${facts.lens}`}${facts.filters === "none" ? "" : ` · filtered: ${facts.filters}`}`;
};

function download(name, type, content) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const fileName = (ending) =>
  `${
    model.about.title
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .toLowerCase() || "picture"
  }.${ending}`;

// --- rows ---------------------------------------------------------------------------------------------

function exportJson() {
  const nodes = [...shown.nodes].map((index) => {
    const { id, kind, name, ids, x, y } = model.nodes[index];
    const { names, time, properties } = counted.facts[index];
    return withOwn({ id, kind, name, names, ids, x, y, time }, properties);
  });
  const edges = [...shown.links].map((index) => edgeForFile(model.links[index]));
  download(
    fileName("json"),
    "application/json",
    JSON.stringify({ about: provenance(), nodes, edges }, null, 1),
  );
}

/** Properties beside a row's own keys. Those that are called like one stand under `properties`. */
function withOwn(own, properties) {
  const same = Object.entries(properties).filter(([name]) => name in own || name === "properties");
  return { ...properties, properties: same.length ? Object.fromEntries(same) : undefined, ...own };
}

function edgeForFile(link) {
  const { who, validFrom, validTo, properties, ...count } = counted.counts.get(link.index) ?? {};
  const claims = claimsSeen(link).map((claim) => ({
    ...claim,
    subject: model.entities[claim.subject].id,
    object: model.entities[claim.object].id,
    asserter: model.entities[claim.asserter]?.id ?? null,
    document: model.entities[claim.document]?.id ?? null,
    index: undefined,
    from: undefined,
    to: undefined,
    validFrom: undefined,
    validTo: undefined,
    ...Object.fromEntries(
      ["derived_from", "disputes", "retracts", "supersedes"].map((name) => [
        name,
        claim[name]?.map((one) => model.claims[one].id),
      ]),
    ),
  }));
  const own = {
    from: model.nodes[link.from].id,
    type: link.kind,
    to: model.nodes[link.to].id,
    declared: link.declared ?? false,
    ...count,
    who: who?.map((one) => model.entities[one].id),
    time: ownTime(link),
    claims,
  };
  return withOwn(own, { ...link.properties, ...properties });
}

/** A line above the rows: it may hold commas, but starts neither a quotation nor a formula after one. */
const note = (value) =>
  oneLine(value)
    .replaceAll('"', "'")
    .replace(/([,;]\s*)(?=[=+\-@＝＋－＠])/g, "$1'");

/** Rows of the table. */
function exportCsv() {
  const cell = (value) => `"${inert(value).replaceAll('"', '""')}"`;
  const notes = Object.entries(provenance()).map(([name, value]) => `# ${name}: ${note(value)}`);
  const columns = columnsHere();
  const rows = [columns.map(([name]) => name), ...tableRows(columns).map((row) => row.cells)].map((cells) =>
    cells.map(cell).join(","),
  );
  download(fileName("csv"), "text/csv;charset=utf-8", [...notes, ...rows, ""].join("\r\n"));
}

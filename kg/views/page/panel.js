// The evidence: who says it, where it is printed, in which words, and who says otherwise.

function showPanel() {
  const { node, link } = state.selected ?? {};
  const content =
    node !== undefined
      ? nodePanel(model.nodes[node])
      : link !== undefined
        ? linkPanel(model.links[link])
        : aboutPanel();
  const panel = byId("panel");
  const subject = JSON.stringify(state.selected);
  const same = panel.dataset.subject === subject;
  const { scrollTop } = panel;
  const focus = focusIn(panel);
  panel.replaceChildren(...content.flat(9).filter(Boolean));
  panel.dataset.subject = subject;
  panel.scrollTop = same ? scrollTop : 0;
  if (focus) focusAgain(panel, same ? focus : {});
  document.body.classList.toggle("chosen", Boolean(state.selected));
}

const controlsIn = (panel) => [...panel.querySelectorAll("button, a[href], summary, h2[tabindex]")];

/** Where in the panel the keyboard is: what is written there, which of that name, and which of all. */
function focusIn(panel) {
  const controls = controlsIn(panel);
  const at = controls.indexOf(document.activeElement);
  if (at < 0) return null;
  const text = controls[at].textContent;
  const place = controls.filter((one) => one.textContent === text).indexOf(controls[at]);
  return { text, place, at, count: controls.length };
}

/** The keyboard on the same control, however its word has changed, else on the heading. */
function focusAgain(panel, { text, place, at, count }) {
  const controls = controlsIn(panel);
  const named = controls.filter((one) => one.textContent === text);
  const again = named[place] ?? (controls.length === count ? controls[at] : null);
  const head = panel.querySelector("h2");
  if (!again) head.tabIndex = -1;
  (again ?? head).focus({ preventScroll: Boolean(again) });
}

const heading = (text, more) => el("h3", {}, text, more ? el("small", {}, ` ${more}`) : null);

// --- nothing selected -------------------------------------------------------------------------------

function aboutPanel() {
  return [
    el("h2", { class: "label" }, "About this picture"),
    el("p", { class: "lead" }, model.about.about),
    el(
      "p",
      { class: "dim" },
      `${many(counted.here.size, "node")}, ${many(counted.links.size, "relation")}, ${many(counted.claims.length, "claim")}.`,
      shown.nodes.size < counted.here.size || shown.links.size < counted.links.size
        ? ` Of which ${many(shown.nodes.size, "node")} and ${many(shown.links.size, "relation")} shown.`
        : null,
    ),
    attributionList(),
    weightyList(),
    actions([["Copy Cypher of this view", () => copyCypher(viewCypher())]]),
  ];
}

/** Who is said to be behind what, at a glance; each line opens its evidence. */
function attributionList() {
  const links = model.links.filter(
    (link) =>
      link.kind === "ATTRIBUTED_TO" && shown.links.has(link.index) && counted.counts.has(link.index),
  );
  if (!links.length) return [];
  const groups = new Map();
  const event = (link) => ["Incident", "Campaign"].includes(model.nodes[link.from].kind);
  const first = bySupport(links);
  for (const link of [...first.filter(event), ...first.filter((one) => !event(one))])
    push(groups, link.from, link);
  const most = 40;
  return [
    heading("Who says who did it"),
    el(
      "ul",
      { class: "list" },
      [...groups].slice(0, most).map(([incident, some]) =>
        el(
          "li",
          {},
          el("strong", {}, nameOf(incident)),
          some.length > 5 ? el("span", { class: "dim" }, ` (5 of ${some.length})`) : null,
          some
            .slice(0, 5)
            .map((link) =>
              el(
                "div",
                {},
                chooser(nameOf(link.to), { link: link.index }),
                el("span", { class: "dim" }, `, ${saidBy(link)}`),
              ),
            ),
        ),
      ),
    ),
    groups.size > most ? el("p", { class: "dim" }, `and ${groups.size - most} more in the table`) : null,
  ];
}

const bySupport = (links) =>
  [...links].sort(
    (one, another) => counted.counts.get(another.index).asserters - counted.counts.get(one.index).asserters,
  );

function saidBy(link) {
  const { who, unknown, disputed, status } = counted.counts.get(link.index);
  if (status !== "asserted") return words(status);
  const rest = [
    who.length > 1 ? ` + ${who.length - 1} more` : "",
    who.length && unknown ? ` + ${many(unknown, "unknown asserter")}` : "",
    disputed ? ", disputed" : "",
  ];
  return `according to ${who.length ? plain(nameOf(who[0])) : "unknown asserter"}${rest.join("")}`;
}

function weightyList() {
  const nodes = [...shown.nodes]
    .map((index) => model.nodes[index])
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 10);
  if (!nodes.length) return [];
  return [
    heading("Most said about"),
    el(
      "ul",
      { class: "list tight" },
      nodes.map((node) => el("li", {}, symbol(node.kind), chooser(node.name, { node: node.index }))),
    ),
  ];
}

const chooser = (text, selected) =>
  button(
    text,
    () => {
      select(selected);
      if (selected.node !== undefined) reveal(selected.node);
    },
    { class: "plain" },
  );

function actions(list) {
  return el(
    "div",
    { class: "actions" },
    list.map(([text, act]) => button(text, act)),
  );
}

// --- a node -----------------------------------------------------------------------------------------

function nodePanel(node) {
  const links = model.linksAt[node.index].filter(linkPasses);
  const title = [
    el("p", { class: "kicker" }, symbol(node.kind), kindWords(node.kind), roles(node)),
    el("h2", {}, node.name),
  ];
  if (!counted.here.has(node.index))
    return [...title, el("p", { class: "note" }, "Not part of the picture under the present lens.")];
  return [
    ...title,
    alsoKnown(node),
    facts(node),
    actions([
      ["Neighbourhood", neighbourhood],
      ["Path from here", startPath],
      ["Hide", hideSelected],
      [state.pinned.includes(node.index) ? "Unpin" : "Pin", pinSelected],
      ["Copy Cypher", () => copyCypher(nodeCypher(node))],
    ]),
    competing(node),
    relationList(node, links),
    valueClaims(node),
    madeBy(node),
  ];
}

const roles = (node) => (node.properties?.roles?.length ? ` · ${node.properties.roles.join(", ")}` : "");

function alsoKnown(node) {
  const { names } = counted.facts[node.index];
  return [
    names.length ? el("p", { class: "dim" }, "Also known as ", names.map((name, at) => [at ? ", " : "", el("bdi", {}, name)])) : null,
    node.ids ? el("p", { class: "dim" }, "Merged from ", node.ids.join(", ")) : null,
  ];
}

const TOLD_ELSEWHERE = new Set(["roles", "conflicts"]);

function facts(node) {
  const { properties } = counted.facts[node.index];
  const rows = Object.entries(properties)
    .filter(([name]) => !TOLD_ELSEWHERE.has(name) && !isBeside(name, properties))
    .sort(([one], [another]) => (one < another ? -1 : 1));
  return rows.length
    ? el(
        "dl",
        {},
        rows.map(([name, value]) => [
          el("dt", {}, words(name)),
          el(
            "dd",
            {},
            [value]
              .flat()
              .map((one, index) => [index ? ", " : "", linkOut(saidOf(node, name, one), String(one))]),
            properties.conflicts?.includes(name)
              ? el("span", { class: "chip warn" }, "sources disagree")
              : null,
          ),
        ]),
      )
    : null;
}

const BESIDE = ["bound", "unit", "hedge"];

/** Whether a property only says how another is meant. */
const isBeside = (name, properties) =>
  BESIDE.some((end) => name.endsWith(`_${end}`) && name.slice(0, -end.length - 1) in properties);

/** A property's value with its hedge, bound and unit. */
function saidOf(node, name, value) {
  const { properties } = counted.facts[node.index];
  const { caption } = TYPE_RULES[model.kinds[node.kind].properties[name]?.type] ?? {};
  const [bound, unit, hedge] = BESIDE.map((end) => properties[`${name}_${end}`]);
  const text = caption ? caption({ value: String(value), bound, unit }) : valueText(value);
  return hedge ? `${hedge} ${text}` : text;
}

const valueText = (value) =>
  typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : String(value);

/** Attributions that compete: the same incident, different actors; first side by side, then in full. */
function competing(node) {
  const links = model.linksAt[node.index].filter(
    (link) => link.kind === "ATTRIBUTED_TO" && link.from === node.index && counted.counts.has(link.index),
  );
  if (!links.length) return [];
  return [
    heading("Who says who did it", ofWhichShown(links)),
    links.length > 1 ? sideBySide(links) : null,
    bySupport(links).map((link) => [
      el("h4", { class: "actor" }, "← ", chooser(nameOf(link.to), { link: link.index })),
      countChips(link),
      claimGroups(claimsSeen(link)),
    ]),
  ];
}

/** Evidence is listed whole; how much of it the filters let into the picture stands beside it. */
function ofWhichShown(links) {
  const count = links.filter((link) => shown.links.has(link.index)).length;
  return count < links.length ? `${links.length}, of which ${count} shown` : null;
}

function sideBySide(links) {
  return el(
    "div",
    { class: "side" },
    bySupport(links).map((link) => {
      const { who, hedged, disputed } = counted.counts.get(link.index);
      return el(
        "div",
        { class: "column" },
        el("h4", {}, chooser(nameOf(link.to), { link: link.index })),
        el(
          "ul",
          {},
          who.map((by) => el("li", {}, nameOf(by))),
        ),
        hedged ? el("span", { class: "chip" }, "hedged") : null,
        disputed ? el("span", { class: "chip bad" }, "disputed") : null,
      );
    }),
  );
}

function valueClaims(node) {
  const claims = (model.valuesOf.get(node.index) ?? []).filter((claim) => counted.present.has(claim.index));
  const groups = new Map();
  for (const claim of claims) push(groups, claim.predicate, claim);
  return [...groups].map(([predicate, some]) =>
    el(
      "details",
      { class: "fold", open: some.length <= 4 },
      el("summary", {}, heading(words(predicate), String(some.length))),
      claimGroups(some),
    ),
  );
}

const MOST_LISTED = 30;

function relationList(node, links) {
  const rest = links.filter((link) => !(link.kind === "ATTRIBUTED_TO" && link.from === node.index));
  const groups = new Map();
  for (const link of rest)
    push(groups, link.from === node.index ? `${words(link.kind)} →` : `← ${words(link.kind)}`, link);
  return [...groups].map(([title, some]) =>
    el(
      "details",
      { class: "fold", open: true },
      el("summary", {}, heading(title, String(some.length))),
      el(
        "ul",
        { class: "list" },
        some.slice(0, MOST_LISTED).map((link) => relationRow(link, node)),
      ),
      some.length > MOST_LISTED
        ? el("p", { class: "dim" }, `and ${some.length - MOST_LISTED} more in the table`)
        : null,
    ),
  );
}

function relationRow(link, node) {
  return el(
    "li",
    {},
    chooser(nameOf(other(link, node.index)), { node: other(link, node.index) }),
    " ",
    button(counted.counts.has(link.index) ? saidBy(link) : "declared", () => select({ link: link.index }), {
      class: "plain dim",
    }),
    liveClaims(link)
      .filter((claim) => claim.hedge)
      .slice(0, 3)
      .map(hedgeChip),
  );
}

/** What this asserter or document says, for whoever wants the world as it sees it. */
function madeBy(node) {
  const count = model.asserters.get(node.index);
  return count
    ? actions([[`Only what ${node.name} says (${many(count, "claim")})`, () => change({ by: node.index })]])
    : null;
}

// --- a relation -------------------------------------------------------------------------------------

function linkPanel(link) {
  const count = counted.counts.get(link.index);
  return [
    el("p", { class: "kicker" }, "Relation"),
    el(
      "h2",
      {},
      chooser(nameOf(link.from), { node: link.from }),
      ` ${words(link.kind)} `,
      chooser(nameOf(link.to), { node: link.to }),
    ),
    count
      ? countChips(link)
      : el(
          "p",
          { class: "dim" },
          link.declared
            ? "Declared with the entities: structure, not somebody's claim."
            : "Nobody says this under the present lens.",
        ),
    qualifiers(link),
    actions([["Copy Cypher", () => copyCypher(linkCypher(link))]]),
    together(link),
    el("h3", {}, "Who says so"),
    claimGroups(claimsSeen(link)),
    rivals(link),
  ];
}

/** Every claim of a link under the lens, denials too. */
const claimsSeen = (link) => link.claims.filter((claim) => counted.present.has(claim.index));

function countChips(link) {
  const count = counted.counts.get(link.index);
  if (!count) return null;
  const chips = [
    el("span", { class: "chip" }, many(count.asserters, "independent asserter")),
    count.unknown ? el("span", { class: "chip" }, many(count.unknown, "unknown asserter")) : null,
    el("span", { class: "chip" }, many(count.support, "statement")),
    count.hedged ? el("span", { class: "chip" }, "hedged") : null,
    count.disputed ? el("span", { class: "chip bad" }, "disputed") : null,
    count.status !== "asserted" ? el("span", { class: "chip bad" }, words(count.status)) : null,
  ];
  return el("p", { class: "chips" }, chips);
}

function qualifiers(link) {
  const rows = Object.entries({ ...link.properties, ...counted.counts.get(link.index)?.properties });
  return rows.length
    ? el(
        "dl",
        {},
        rows.map(([name, value]) => [
          el("dt", {}, words(name)),
          el("dd", {}, [value].flat().map(valueText).join(", ")),
        ]),
      )
    : null;
}

function together(link) {
  const bundle = counted.bundles.find((one) => one.links.includes(link.index));
  if (!bundle) return null;
  const rest = bundle.links.filter((index) => index !== link.index);
  return el(
    "p",
    { class: "note" },
    "Blamed together, not each on its own, with ",
    rest.map((index, place) => [
      place ? ", " : "",
      chooser(nameOf(model.links[index].to), { link: index }),
    ]),
    ".",
  );
}

function rivals(link) {
  if (link.kind !== "ATTRIBUTED_TO") return [];
  const rest = model.linksAt[link.from].filter(
    (one) =>
      one.kind === link.kind && one.from === link.from && one !== link && counted.counts.has(one.index),
  );
  return rest.length ? [heading("Attributions of this, side by side"), sideBySide([link, ...rest])] : [];
}

// --- claims -------------------------------------------------------------------------------------------

/** Claims by where they come from: what repeats another claim stands under it. */
function claimGroups(claims, brief = false) {
  const shownHere = new Set(claims.map((claim) => claim.index));
  const repeats = new Map();
  for (const claim of claims) {
    const [root] = counted.roots(claim);
    if (root !== claim.index) push(repeats, root, claim);
  }
  const origins = claims.filter((claim) => counted.roots(claim)[0] === claim.index);
  for (const root of repeats.keys()) if (!shownHere.has(root)) origins.push(model.claims[root]);
  origins.sort(
    (one, another) =>
      Number(Boolean(one.negative)) - Number(Boolean(another.negative)) ||
      (one.from ?? "9").localeCompare(another.from ?? "9"),
  );
  return el(
    "div",
    { class: "claims" },
    origins.map((claim) => claimCard(claim, repeats.get(claim.index) ?? [], brief)),
  );
}

function claimCard(claim, repeats, brief) {
  const standingNow = counted.standings.get(claim.index);
  return el(
    "article",
    {
      class: `claim${claim.negative ? " denial" : ""}${standingNow !== "asserted" ? " gone" : ""}`,
      "data-claim": claim.id,
    },
    el(
      "p",
      { class: "who" },
      asserterOf(claim),
      claim.negative ? " denies" : " says",
      claimedValue(claim),
      hedgeChip(claim),
      standingNow !== "asserted" ? el("span", { class: "chip bad" }, words(standingNow)) : null,
    ),
    ownWords(claim),
    brief ? null : el("p", {}, claim.summary ?? ""),
    claim.quote && !brief ? el("blockquote", {}, claim.quote) : null,
    sourceLine(claim),
    claim.derivation === "read"
      ? el("p", { class: "dim" }, "That it goes back to another claim is our reading; its document does not say so.")
      : null,
    disputeLine(claim),
    repeats.length
      ? el(
          "div",
          { class: "repeats" },
          el("p", { class: "dim" }, `Repeated, not confirmed, by ${many(repeats.length, "claim")}:`),
          repeats.map((one) => claimCard(one, [], true)),
        )
      : null,
  );
}

function asserterOf(claim) {
  if (claim.asserter === undefined) return el("em", {}, "Unknown asserter");
  const inside = claim.asserter < model.nodes.length;
  return inside
    ? chooser(nameOf(claim.asserter), { node: claim.asserter })
    : el("strong", {}, nameOf(claim.asserter));
}

function claimedValue(claim) {
  if (claim.object !== undefined) return null;
  const kind = model.nodes[claim.subject]?.kind;
  const policy = model.kinds[kind]?.properties[claim.predicate];
  return el("strong", {}, ` ${ruleOf(policy).caption(claim)}`);
}

/** The statement with the names that its source used, and what these became here. */
function ownWords(claim) {
  if (claim.subject_name === undefined && claim.object_name === undefined) return null;
  const end = (own, entity) => [
    own ?? nameOf(entity),
    own === undefined ? "" : el("span", { class: "dim" }, ` (here: ${nameOf(entity)})`),
  ];
  return el(
    "p",
    { class: "own" },
    "In its words: ",
    end(claim.subject_name, claim.subject),
    ` ${words(claim.predicate)} `,
    claim.object === undefined ? claim.value : end(claim.object_name, claim.object),
  );
}

const hedgeChip = (claim) =>
  claim.hedge
    ? el("span", { class: "chip hedge", title: "the source's own qualifying words" }, `“${claim.hedge}”`)
    : null;

/** Document (linked), who published it, where in it, when said. */
function sourceLine(claim) {
  const parts = [];
  if (claim.document !== undefined) {
    const printed = model.entities[claim.document];
    const known = counted.facts[claim.document]?.properties ?? printed.properties ?? {};
    parts.push(el("cite", {}, linkOut(printed.name, known.url)));
    if (known.publisher) parts.push(String(known.publisher));
    const archived = webAddress(known.archived_url);
    if (archived) parts.push(linkOut("archived copy", archived));
  }
  if (claim.locator ?? claim.paragraph) parts.push(claim.locator ?? `paragraph ${claim.paragraph}`);
  if (claim.asserted)
    parts.push(
      `said ${claim.asserted}${claim.asserted_basis && claim.asserted_basis !== "stated" ? ` (date: ${claim.asserted_basis})` : ""}`,
    );
  if (claim.valid && claim.predicate !== "occurred") parts.push(`true ${claim.valid}`);
  const rated = ratings(claim);
  parts.push(rated.length ? rated.join(" · ") : "not rated");
  return el(
    "p",
    { class: "source" },
    parts.map((part, index) => [index ? " · " : "", part]),
  );
}

/** What stands beside a claim, as its columns are declared. F and 6 mean that it cannot be judged, which
    is not half. */
function ratings(claim) {
  return model.about.columns
    .filter(({ name, mark }) => mark && claim[name] !== undefined)
    .map(({ name, label, meanings }) => {
      if (claim[name] === true) return label;
      const meaning = meanings?.[claim[name]];
      return `${label} ${claim[name]}${meaning ? ` (${meaning})` : ""}`;
    });
}

function disputeLine(claim) {
  const by = counted.disputes.get(claim.index) ?? [];
  return by.length
    ? el(
        "p",
        { class: "bad-text" },
        "Disputed by ",
        by.map((one, index) => [
          index ? ", " : "",
          one.asserter === undefined ? "an unknown asserter" : el("bdi", {}, nameOf(one.asserter)),
          one.asserted ? ` (${one.asserted})` : "",
        ]),
      )
    : null;
}

// --- the Cypher that gives it ---------------------------------------------------------------------------

const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const nodeCypher = (node) => `MATCH (n:${node.kind} {id: ${quoted(node.id)}})-[r]-(m)\nRETURN n, r, m`;

function linkCypher(link) {
  const [from, to] = [model.nodes[link.from], model.nodes[link.to]];
  return `MATCH (a:${from.kind} {id: ${quoted(from.id)}})-[r:${link.kind}]->(b:${to.kind} {id: ${quoted(to.id)}})\nRETURN a, r, b`;
}

/** The view's own query; once the reader has narrowed it, one for the nodes and kinds that are left. */
function viewCypher() {
  const whole = shown.nodes.size === model.nodes.length && shown.links.size === model.links.length;
  if (whole && model.about.cypher) return model.about.cypher;
  const list = [...shown.nodes].map((index) => quoted(model.nodes[index].id)).join(", ");
  if (!shown.links.size) return `MATCH (n)\nWHERE n.id IN [${list}]\nRETURN n`;
  const kinds = kindsOfLinks().join("|");
  return `MATCH (a)-[r:${kinds}]->(b)\nWHERE a.id IN [${list}]\n  AND b.id IN [${list}]\nRETURN a, r, b`;
}

const kindsOfLinks = () => [...new Set([...shown.links].map((index) => model.links[index].kind))].sort();

/** A query asks the whole graph: what it cannot know of this page is said with it. */
function copyCypher(text) {
  const lens = state.by !== null || state.asOf;
  const filters = state.from || state.to || !state.undated || state.min || state.confidence || !state.unrated;
  const parts = [
    lens ? " It knows no lens: it gives what everybody says, at any time." : "",
    filters ? " It knows no filters of time and support." : "",
  ];
  return copy(text, "Cypher", parts.join(""));
}

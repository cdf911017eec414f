// The data of this page, indexed. Rows keep the shape in which Python wrote them (`_payload.py`),
// with their number beside them: `node.index`, `link.index`, `claim.index`.

const model = {};

/** vis-network, unpacked: it runs because the page's policy names its hash, and nothing else would. */
async function loadLibrary() {
  const packed = document.getElementById("library");
  const library = el("script", {}, await unpack(packed.textContent));
  document.head.append(library);
  library.remove();
  packed.remove();
}

async function load() {
  const element = document.getElementById("data");
  const text =
    element.type === "application/json" ? element.textContent : await unpack(element.textContent);
  Object.assign(model, JSON.parse(text));
  element.remove();
  // what several claims share stands once, at their head
  model.claims = model.claims.flatMap(({ claims, ...head }) => claims.map((own) => ({ ...head, ...own })));
  for (const rows of [model.nodes, model.links, model.claims])
    rows.forEach((row, index) => {
      row.index = index;
    });
  model.entities = [...model.nodes, ...model.others];
  model.number = new Map(model.entities.map((entity, index) => [entity.id, index]));
  // which bodies speak with one voice, and in whose words a body is heard
  model.voice = new Map(model.voices);
  model.heard = new Map(model.heard.map(([body, parts]) => [body, new Set(parts)]));
  model.linkNumber = new Map(
    model.links.map((link) => [tripleOf(link.from, link.kind, link.to), link.index]),
  );
  indexLinks();
  indexClaims();
}

async function unpack(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

const tripleOf = (subject, predicate, object) => `${subject} ${predicate} ${object}`;

function indexLinks() {
  model.linksAt = model.nodes.map(() => []);
  for (const link of model.links) {
    model.linksAt[link.from].push(link);
    if (link.to !== link.from) model.linksAt[link.to].push(link);
  }
}

function indexClaims() {
  // triple → claims of a relation, in the order in which they were made
  model.claimsOf = new Map();
  model.valuesOf = new Map(); // entity → claims of a value of its
  model.asserters = new Map(); // entity → how many claims it makes
  for (const claim of model.claims) {
    claim.from = day(claim.asserted_from ?? claim.asserted);
    claim.to = day(claim.asserted_to ?? claim.asserted);
    claim.validFrom = day(claim.valid_from ?? claim.valid);
    claim.validTo = day(claim.valid_to ?? claim.valid);
    claim.statement ??= claim.id;
    if (claim.object === undefined) push(model.valuesOf, claim.subject, claim);
    else push(model.claimsOf, tripleOf(claim.subject, claim.predicate, claim.object), claim);
    if (claim.asserter !== undefined)
      model.asserters.set(claim.asserter, (model.asserters.get(claim.asserter) ?? 0) + 1);
  }
  const own = new Map(model.asserters);
  for (const [body, parts] of model.heard)
    model.asserters.set(
      body,
      [...parts].reduce((sum, part) => sum + (own.get(part) ?? 0), 0),
    );
  for (const claims of model.claimsOf.values())
    if (claims.length > 1) claims.sort((one, another) => (saidAt(one) < saidAt(another) ? -1 : 1));
  for (const link of model.links)
    link.claims = model.claimsOf.get(tripleOf(link.from, link.kind, link.to)) ?? [];
}

const saidAt = (claim) => `${claim.from ?? "9999"} ${claim.id}`;

/** A day of the calendar, as it is written; anything else is none. */
function day(text) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text ?? "")) return null;
  const [year, month, number] = text.split("-").map(Number);
  if (year < 1 || month < 1 || month > 12 || number < 1) return null;
  return number <= 28 || number <= lengthOf(month, year) ? text : null;
}

const lengthOf = (month, year) => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};


function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

const nameOf = (number) => model.entities[number].name;
const words = (kind) => kind.toLowerCase().replaceAll("_", " ");
const kindWords = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2");
const many = (count, one, more = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
const other = (link, index) => (link.from === index ? link.to : link.from);

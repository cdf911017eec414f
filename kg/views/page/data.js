// The data of this page, indexed. Rows keep the shape in which Python wrote them (`_payload.py`),
// with their number beside them: `node.index`, `link.index`, `claim.index`.

const model = {};

async function load() {
  const element = document.getElementById("data");
  const text =
    element.type === "application/json" ? element.textContent : await unpack(element.textContent);
  Object.assign(model, JSON.parse(text));
  element.remove();
  for (const rows of [model.nodes, model.links, model.claims])
    rows.forEach((row, index) => {
      row.index = index;
    });
  model.entities = [...model.nodes, ...model.others];
  model.number = new Map(model.entities.map((entity, index) => [entity.id, index]));
  model.linkNumber = new Map(
    model.links.map((link) => [tripleOf(link.from, link.kind, link.to), link.index]),
  );
  indexLinks();
  indexClaims();
}

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
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
  model.claimsOf = new Map(); // triple → claims of a relation
  model.claimsAt = new Map(); // entity → claims about it
  model.claimNumber = new Map();
  for (const claim of model.claims) {
    claim.from = day(claim.asserted_from ?? claim.asserted);
    claim.to = day(claim.asserted_to ?? claim.asserted);
    model.claimNumber.set(claim.id, claim.index);
    if (claim.object !== undefined)
      push(model.claimsOf, tripleOf(claim.subject, claim.predicate, claim.object), claim);
    push(model.claimsAt, claim.subject, claim);
    if (claim.object !== undefined && claim.object !== claim.subject)
      push(model.claimsAt, claim.object, claim);
  }
}

const day = (text) => (/^\d{4}-\d\d-\d\d$/.test(text ?? "") ? text : null);

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

const claimsOfLink = (link) => model.claimsOf.get(tripleOf(link.from, link.kind, link.to)) ?? [];
const nameOf = (number) => model.entities[number].name;
const words = (kind) => kind.toLowerCase().replaceAll("_", " ");
const kindWords = (kind) => kind.replace(/([a-z])([A-Z])/g, "$1 $2");
const many = (count, one, more = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
const other = (link, index) => (link.from === index ? link.to : link.from);

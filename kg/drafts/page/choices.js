/** What a field of a claim may hold, the nearest first. */
import { alike, data, paragraphAt, paragraphs, sentenceAt, tells, words } from "./text.js";
import { idFor, kindOf, nameOf, state, ui, vocabulary } from "./state.js";

const MOST = 12;
const { kinds, edges } = vocabulary;

/** Every thing that is known, here or in the ledger, with its names. */
function pool() {
  const known = new Map(data.names.map(([id, name, also]) => [id, { id, name, also }]));
  const here = Object.keys(state.entities).map((id) => ({ id, name: nameOf(id), also: known.get(id)?.also || [], here: true }));
  return [...here, ...[...known.values()].filter((one) => !(one.id in state.entities))];
}

function fits(thing, typed) {
  let best = 0, by = thing.name;
  for (const name of [thing.name, ...thing.also, thing.id]) {
    const folded = alike(name).toLowerCase();
    const parts = folded.split(/[\s-]+/);
    const score = folded === typed ? 5 : folded.startsWith(typed) ? 4 : folded.includes(` ${typed}`) || folded.includes(`-${typed}`) ? 3 : typed.split(/[\s-]+/).every((word) => parts.some((part) => part.startsWith(word))) ? 2 : folded.includes(typed) ? 1 : 0;
    if (score > best) { best = score; by = name; }
  }
  return { score: best, by };
}

function stands(name, said) {
  const at = said.indexOf(name);
  return at >= 0 && !/[\p{L}\p{N}]/u.test(said[at - 1] || "") && !/[\p{L}\p{N}]/u.test(said[at + name.length] || "");
}

/** Things that words name come first, then those of the paragraph, then those used last. */
function nearness(thing, span) {
  const said = alike(words(span));
  if (thing.here && tells(said, thing.name)) return 6;
  if ([thing.name, ...thing.also].some((name) => name.length > 1 && stands(alike(name), said))) return 5;
  if (!thing.here) return 0;
  const [from, to] = paragraphs[paragraphAt(span[0]) - 1] || [0, 0];
  const near = state.rows.some((row) => row.state !== "rejected" && row.fields.span && row.fields.span[0] >= from && row.fields.span[1] <= to && row.triple.includes(thing.id));
  if (near) return 4;
  return tells(alike(words([from, to])), thing.name) ? 3 : 2;
}

/** Names that words spell out and that nobody has yet. */
function unheard(span, allowed) {
  const said = words(span), taken = pool();
  const found = [...new Set(said.match(/\p{Lu}[\p{L}\p{N}'’-]*(?: (?:of |and |for |the )?\p{Lu}[\p{L}\p{N}'’-]*)*/gu) || [])];
  return found.filter((name) => name.length > 2 && !/^(?:The|It|In|On|At|A|An|He|She|They|But|And|For|By|One|According)$/.test(name) && !taken.some((one) => fits(one, alike(name).toLowerCase()).score >= 5))
    .flatMap((name) => guesses(name, allowed).slice(0, 1).map((kind) => fresh(kind, name)));
}

/** Kinds that a name may be of, likely ones first. */
function guesses(name, allowed) {
  const likely = /\b(?:breach|attack|hack|hacking|theft|intrusion|leak|compromise|outage|operation|espionage)/i.test(name) ? ["incident"]
    : /\b(?:sanction|designation)/i.test(name) ? ["sanction"] : /\b(?:indictment|charges|complaint)\b/i.test(name) ? ["legalaction"]
      : /\b(?:condemned|condemnation|statement|remarks|called|rejection)\b/i.test(name) ? ["statement"]
        : /^\p{Ll}/u.test(name) ? ["organization", "group"] : /\d/.test(name) ? ["group", "software", "vulnerability"]
          : /\b(?:Department|Ministry|Service|Centre|Center|Agency|Office|Parliament|Embassy|Council|Union|Command)\b/i.test(name) ? ["agency"]
            : /^\p{Lu}[\p{L}'’-]+ \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?$/u.test(name) ? ["person", "organization"] : allowed.length > 8 ? ["organization", "group"] : [];
  return [...likely.filter((kind) => allowed.includes(kind)), ...allowed.filter((kind) => !likely.includes(kind))];
}

function fresh(kind, name) {
  return { value: idFor(kind, name), name, text: `new ${kinds[kind].kind}: ${name}`, shown: name, note: idFor(kind, name), fresh: true };
}

/** How likely a thing is what a claim is about, beside where it stands: a report has a main event, and goes on with it. */
export function likelySubject() {
  const counts = new Map();
  for (const row of state.rows) if (row.state !== "rejected") counts.set(row.triple[0], (counts.get(row.triple[0]) || 0) + 1);
  const most = Math.max(0, ...counts.values());
  return (id) => (kinds[kindOf(id)]?.event ? 2 : 0) + (most && counts.get(id) === most ? 1.5 : 0) + (ui.last?.subject === id ? 1.5 : 0);
}

/** Things of some kinds, by what was typed; `likely` says more of each, where nothing was. */
export function things(typed, allowed, span, likely = (_id) => 0) {
  const sought = alike(typed.trim()).toLowerCase();
  const standing = (one) => { const score = nearness(one, span); return score && score + likely(one.id); };
  const rows = pool().filter((one) => allowed.includes(kindOf(one.id))).map((one) => ({ one, ...(sought ? fits(one, sought) : { score: standing(one), by: one.name }) }));
  const least = sought ? 1 : 2;
  const near = (row) => row.score * 10 + (sought ? nearness(row.one, span) : 0);
  const found = rows.filter((row) => row.score >= least).sort((a, b) => near(b) - near(a)).slice(0, MOST)
    .map(({ one, by }) => ({ value: one.id, name: one.name, text: one.name, note: by !== one.name ? `${one.id} · known as ${by}` : one.id }));
  if (!sought) return [...found, ...unheard(span, allowed.filter((kind) => !kinds[kind].country))];
  const name = typed.trim();
  const exact = found.some((one) => one.name.toLowerCase() === name.toLowerCase());
  const made = guesses(name, allowed.filter((kind) => !kinds[kind].country)).slice(0, exact ? 0 : 6).map((kind) => fresh(kind, name));
  return [...found, ...made];
}

/** Who may say something: nobody who is named, too. */
export function speakers(typed, span) {
  const nobody = { value: "", name: "", text: "nobody named", shown: "", note: "the document does not tell who says so" };
  const sought = typed.trim().toLowerCase();
  return [...(sought && nobody.text.startsWith(sought) ? [nobody] : []), ...things(typed, vocabulary.speaks, span), ...(sought ? [] : [nobody])];
}

/** How well a span says what is said in words of these stems. */
function said(stems, span) {
  const there = new Set((words(span).toLowerCase().match(/\p{L}{4,}/gu) || []).map((one) => one.slice(0, 5)));
  return stems.filter((one) => there.has(one)).length;
}

export const phraseOf = (predicate, subject) => {
  const edge = edges[predicate];
  return edge ? edge.phrase[kindOf(subject || "")] || edge.phrase.else || predicate.toLowerCase().replaceAll("_", " ") : "";
};

/** What may be said of a subject (and of a certain object), nearest first. */
export function relations(typed, subject, target, span) {
  const kind = kindOf(subject || "");
  const sought = typed.trim().toLowerCase().replaceAll(" ", "_");
  const other = target && kinds[kindOf(target)] ? kindOf(target) : null;
  const used = (name) => state.rows.filter((row) => row.state !== "rejected" && row.triple[1] === name).length;
  const told = (one) => Math.max(0, ...one.said.map((stem) => (sought.length > 2 && (stem.startsWith(sought) || sought.startsWith(stem)) ? 1 : 0)));
  const rows = Object.entries(edges)
    .filter(([, edge]) => (!kinds[kind] || edge.from.includes(kind)) && (!other || edge.to.includes(other)) && (!other || !kinds[kind] || !edge.same || other === kind))
    .map(([name, edge]) => ({ value: name, text: name, note: phraseOf(name, subject) || edge.doc, told: told(edge), near: 3 * said(edge.said, span) + Math.min(2, used(name)) }));
  if (kinds[kind] && !other) {
    rows.push(...kinds[kind].values.map((one) => ({ value: one.name, text: one.name, note: one.doc, told: told(one), near: 3 * said(one.said, span) + Math.min(2, used(one.name)) - 0.5 })));
  }
  const fit = (row) => (!sought ? 1 : row.value.toLowerCase().startsWith(sought) ? 3 : row.value.toLowerCase().includes(sought) ? 2 : row.note.toLowerCase().includes(typed.trim().toLowerCase()) ? 1 : row.told / 2);
  const found = rows.filter(fit).sort((a, b) => fit(b) - fit(a) || b.near - a.near);
  return found.length ? found : rows.sort((a, b) => b.near - a.near).map((row) => ({ ...row, offered: true }));
}

/** Who is heard in a place: by the claims of its sentence, by how that reads, by its paragraph; else who prints it. */
export function voiceAt(span) {
  const rows = state.rows.filter((row) => row.state !== "rejected" && row.fields.asserter && row.fields.span);
  const inSentence = rows.filter((row) => sentenceAt(row.fields.span[0]) === sentenceAt(span[0]));
  const inParagraph = rows.filter((row) => paragraphAt(row.fields.span[0]) === paragraphAt(span[0]) && row.fields.span[0] <= span[0]);
  const read = data.voices.find(([[from, to]]) => from < span[1] && span[0] < to);
  const found = inSentence.at(-1)?.fields.asserter || read?.[1] || inParagraph.at(-1)?.fields.asserter;
  return found || (data.top.document || {}).published_by || null;
}

/** Words of a span that may mean somebody whom it does not name. */
export function stand_ins(span) {
  const text = words(span);
  const found = text.match(new RegExp(`\\b(?:[Tt]he \\p{Ll}[\\p{L}-]+(?: \\p{Ll}[\\p{L}-]+)?|[Tt]h(?:is|ese|at|ose) \\p{Ll}[\\p{L}-]+|${vocabulary.pronouns.map((one) => `[${one[0].toUpperCase()}${one[0]}]${one.slice(1)}`).join("|")})\\b`, "gu"));
  return [...new Set(found || [])];
}

/** Words of hedging that stand in a span. */
export function hedgesIn(span) {
  const text = words(span);
  const found = vocabulary.hedges.flatMap((one) => text.match(new RegExp(`\\b${one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\b`, "iu")) || []);
  return [...new Set(found)];
}

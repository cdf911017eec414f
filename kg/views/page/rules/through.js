// What was believed from day to day: of a link, how many voices were for it, against it, and had
// withdrawn. The rules are those of the recount, over the claims that bear on the link.

import { asOn, model } from "./rows.js";
import { claimsUnder, standing } from "./standing.js";

const LINKS = ["derived_from", "retracts", "supersedes", "disputes"];

/** Claim → those that point at it, or that it points at. */
function neighbours() {
  model.beside ??= model.claims.reduce((found, claim) => {
    for (const name of LINKS)
      for (const to of claim[name] ?? []) {
        found.set(claim.index, [...(found.get(claim.index) ?? []), to]);
        found.set(to, [...(found.get(to) ?? []), claim.index]);
      }
    return found;
  }, new Map());
  return model.beside;
}

/** These claims, and all that decides how they stand. */
function bearingOn(claims) {
  const found = new Set(claims.map((claim) => claim.index));
  const open = [...found];
  while (open.length)
    for (const next of neighbours().get(open.pop()) ?? [])
      if (!found.has(next)) {
        found.add(next);
        open.push(next);
      }
  return [...found].map((index) => model.claims[index]);
}

/** The days on which something is said or withdrawn among these claims, or what they are about becomes one
    with another, from the first word on. */
export function daysOfWords(claims) {
  const told = new Set();
  const ids = new Set();
  for (const { to, gone, subject_as, object_as } of claims) {
    told.add(to).add(gone);
    ids.add(subject_as).add(object_as);
  }
  told.delete(null);
  ids.delete(undefined);
  const days = [...told].sort();
  const joined = [...ids].flatMap((id) => model.became[id].map(([since]) => since)).filter((since) => since > days[0]);
  return [...new Set([...days, ...joined])].sort();
}

const voiceOf = (claim) => {
  const who = claim.asserter;
  return who === undefined ? `unknown ${claim.index}` : (model.voice.get(who) ?? who);
};

/** Day by day { day, pro, contra, gone }: voices for a link, against it, and those that withdrew, of what
    the other sides of the lens leave; what has no day is in none. */
export function through(link, lens = {}) {
  const { asOf = null, knownOn = null } = lens;
  const claims = claimsUnder({ ...lens, asOf: null }, bearingOn(link.claims));
  const days = daysOfWords(claims).filter((day) => asOf === null || day <= asOf);
  const series = days.map((day) => ({ day, ...voicesOn(link, claims, { asOf: day, knownOn }) }));
  asOn(claims, lens);
  return series;
}

function voicesOn(link, claims, lens) {
  asOn(claims, lens);
  const under = standing(claimsUnder(lens, claims), lens.asOf);
  const isOf = ({ subject, object }) => subject === link.from && object === link.to;
  const said = link.claims.filter((claim) => !claim.negative && under.present.has(claim.index) && isOf(claim));
  const yes = said.filter((claim) => under.live(claim.index));
  const pro = new Set(yes.flatMap((claim) => under.roots(claim)).map((root) => voiceOf(model.claims[root])));
  const contra = new Set(said.flatMap((claim) => under.disputes.get(claim.index) ?? []).map(voiceOf));
  const gone = new Set(said.filter((claim) => !under.live(claim.index)).map(voiceOf));
  for (const voice of pro) gone.delete(voice);
  return { pro: pro.size, contra: contra.size, gone: gone.size };
}

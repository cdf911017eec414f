// Legend and filters in one: what a symbol means, how many there are, and whether they are shown.

const DAY = 86400000;
let playing = null; // while time runs: { timer, before: the state at its start }
let paused = null; // where the reader halted it: { before, at }

function showFilters() {
  const open = new Set([...document.querySelectorAll("#filters details[open]")].map((one) => one.id));
  const first = !byId("filters").childElementCount;
  const focused = document.activeElement?.id;
  const parts = [
    part("lens", "Whose view, and when", lensControls(), true),
    part(
      "kinds",
      "Kinds",
      legend("kinds", model.kinds, (kind) => symbol(kind), kindWords, nodeCounts()),
      true,
    ),
    part(
      "relations",
      "Relations",
      legend("relations", model.relations, (kind) => lineSample(sampleOf(kind)), words, linkCounts()),
      true,
    ),
    part("lines", "How to read a line", lineLegend(), true),
    part("time", "Time", timeControls(), true),
    part("support", "Support", supportControls(), true),
    part("hidden", "Hidden and pinned", hiddenControls(), false),
  ];
  if (!first) for (const one of parts) one.open = open.has(one.id);
  if (focused === "as-of") return besideTheDay(parts);
  byId("filters").replaceChildren(
    button("Close", () => togglePart("filters"), { id: "close-filters", class: "narrow" }),
    ...parts,
  );
  if (focused) byId(focused)?.focus({ preventScroll: true });
  return undefined;
}

/** The same, around the field of the day: whoever types in it keeps it. */
function besideTheDay([lens, ...rest]) {
  const input = byId("as-of");
  for (const old of [...input.parentElement.children]) if (old !== input) old.remove();
  const fresh = [...lens.querySelector(".controls").children];
  const at = fresh.findIndex((one) => one.id === "as-of");
  input.before(...fresh.slice(0, at));
  input.after(...fresh.slice(at + 1));
  if (input.dataset.typed === undefined) input.value = state.asOf ?? "";
  for (const one of rest) byId(one.id).replaceWith(one);
}

const part = (id, title, content, open) =>
  el(
    "details",
    { id: `part-${id}`, open },
    el("summary", {}, el("h2", { class: "label" }, title)),
    content,
  );

// --- legend ------------------------------------------------------------------------------------------

function tally(rows) {
  const counts = {};
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const rowsOf = (rows, numbers) => [...numbers].map((index) => rows[index]);
const nodeCounts = () => [shown.nodes, counted.here].map((some) => tally(rowsOf(model.nodes, some)));
const linkCounts = () => [shown.links, counted.links].map((some) => tally(rowsOf(model.links, some)));

function legend(key, kinds, sample, wording, [now, all]) {
  const rows = Object.keys(kinds).sort(
    (one, another) => (all[another] ?? 0) - (all[one] ?? 0),
  );
  return el(
    "div",
    { class: "legend" },
    rows.map((kind) =>
      el(
        "label",
        {},
        el("input", {
          type: "checkbox",
          id: `${key}-${kind}`,
          checked: !state[key].includes(kind),
          onchange: () => toggle(key, kind),
        }),
        sample(kind),
        el("span", { class: "grow" }, wording(kind)),
        el(
          "span",
          { class: "count", title: `${now[kind] ?? 0} of ${all[kind] ?? 0} shown` },
          now[kind] === all[kind] ? `${all[kind] ?? 0}` : `${now[kind] ?? 0}/${all[kind]}`,
        ),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      button("All", () => change({ [key]: [] }), { id: `${key}-all` }),
      button("None", () => change({ [key]: rows }), { id: `${key}-none` }),
    ),
  );
}

function toggle(key, kind) {
  change({
    [key]: state[key].includes(kind)
      ? state[key].filter((one) => one !== kind)
      : [...state[key], kind].sort(),
  });
}

const sampleOf = (kind) => ({ color: readable(model.relations[kind].colour), width: 2 });

function lineLegend() {
  const ink = paint("muted");
  const rows = [
    [{ color: ink, width: 1 }, "declared, nobody's claim"],
    [{ color: ink, width: 2 }, "one asserter"],
    [{ color: ink, width: 5 }, "several independent asserters"],
    [{ color: ink, width: 2, dashes: [8, 5] }, "hedged by the source"],
    [{ color: paint("disputed"), width: 2 }, "✕ disputed"],
    [{ color: paint("gone"), width: 1.4, dashes: [2, 5] }, "taken back"],
  ];
  return el(
    "div",
    { class: "legend" },
    rows.map(([style, text]) => el("div", { class: "row" }, lineSample(style), el("span", {}, text))),
    counted.bundles.length
      ? el(
          "div",
          { class: "row" },
          el("span", { class: "junction" }, "●"),
          el("span", {}, "blamed together"),
        )
      : null,
  );
}

// --- lens ---------------------------------------------------------------------------------------------

function lensControls() {
  const asserters = [...model.asserters].sort(
    (one, another) => another[1] - one[1] || nameOf(one[0]).localeCompare(nameOf(another[0])),
  );
  const days = model.claims
    .map((claim) => claim.to)
    .filter(Boolean)
    .sort();
  return el(
    "div",
    { class: "controls" },
    el("label", { for: "by" }, "According to"),
    el(
      "select",
      {
        id: "by",
        onchange: (event) => change({ by: event.target.value === "" ? null : Number(event.target.value) }),
      },
      el("option", { value: "" }, "everybody"),
      asserters.map(([index, count]) =>
        el("option", { value: index, selected: state.by === index }, `${plain(nameOf(index))} (${count})`),
      ),
    ),
    el("label", { for: "as-of" }, "As of (said by that day)"),
    dayField(days[0], days.at(-1)),
    state.by !== null || state.asOf
      ? button(
          "Lift the lens",
          thenFocus("by", () => change({ by: null, asOf: null })),
          { id: "no-lens" },
        )
      : null,
    givenLens(),
  );
}

/** A day that is typed counts when it is whole: on Enter, or when the field is left. */
function dayField(min, max) {
  const take = () => {
    delete input.dataset.typed;
    if (input.validity.badInput) {
      input.value = state.asOf ?? "";
      return say("That is no whole day; nothing changed.");
    }
    return change({ asOf: day(input.value) });
  };
  const input = el("input", {
    id: "as-of",
    type: "date",
    value: state.asOf ?? "",
    min,
    max,
    onkeydown: (event) => {
      if (event.key === "Enter") take();
      else if (event.key !== "Tab" && event.key !== "Escape") input.dataset.typed = "";
    },
    onpointerdown: () => delete input.dataset.typed,
    onchange: () => input.dataset.typed === undefined && take(),
    onblur: () => input.dataset.typed !== undefined && take(),
  });
  return input;
}

function givenLens() {
  const { as_of, according_to } = model.about.lens;
  const parts = [
    as_of ? `as of ${as_of}` : null,
    according_to ? `according to ${according_to}` : null,
  ].filter(Boolean);
  return parts.length
    ? el("p", { class: "note" }, `This file was made ${parts.join(", ")}; it holds nothing else.`)
    : null;
}

/** For a button that goes with what it does: where the keyboard goes on. */
const thenFocus = (id, act) => () => {
  act();
  byId(id).focus({ preventScroll: true });
};

// --- time, support --------------------------------------------------------------------------------------

/** Of all that is here under the lens, whatever the other filters hide. */
const timesHere = () =>
  [
    ...[...counted.here].map((index) => counted.facts[index].time),
    ...[...counted.links].map((index) => ownTime(model.links[index])),
  ].filter(Boolean);

function timeBounds() {
  const times = timesHere();
  if (!times.length) return null;
  return [
    times.map(([start]) => start).reduce((a, b) => (a < b ? a : b)),
    times.map(([, end]) => end).reduce((a, b) => (a > b ? a : b)),
  ];
}

const toNumber = (text) => Date.parse(text) / DAY;
const toDay = (number) => new Date(number * DAY).toISOString().slice(0, 10);

function timeControls() {
  counted.bounds ??= timeBounds();
  if (!counted.bounds)
    return el("div", { class: "controls" }, el("p", { class: "dim" }, "Nothing here carries a date."));
  const [min, max] = counted.bounds.map(toNumber);
  const from = state.from ? toNumber(state.from) : min;
  const to = state.to ? toNumber(state.to) : max;
  return el(
    "div",
    { class: "controls" },
    slider("time-from", "From", {
      min,
      max,
      value: from,
      wording: toDay,
      set: (value) => change({ from: value <= min ? null : toDay(value) }),
    }),
    slider("time-to", "To", {
      min,
      max,
      value: to,
      wording: toDay,
      set: (value) => change({ to: value >= max ? null : toDay(value) }),
    }),
    el(
      "div",
      { class: "actions" },
      button(playing ? "Pause" : "Play", play, { id: "play" }),
      playing ? button("Stop", thenFocus("play", stopRun), { id: "stop" }) : null,
    ),
    tick("undated", "include undated", state.undated, (undated) => change({ undated })),
  );
}

/** A slider that says its value while it is moved and takes effect where it is left. */
function slider(id, text, { min, max, value, wording, set }) {
  const now = el("output", { id: `${id}-now` }, wording(value));
  const input = el("input", {
    type: "range",
    id,
    min,
    max,
    step: 1,
    value,
    "aria-valuetext": wording(value),
    oninput: () => {
      now.textContent = wording(Number(input.value));
    },
    onchange: () => set(Number(input.value)),
  });
  return [el("label", { for: id }, `${text} `, now), input];
}

const tick = (id, text, checked, set) =>
  el(
    "label",
    {},
    el("input", { type: "checkbox", id, checked, onchange: (event) => set(event.target.checked) }),
    text,
  );

/** Let time run: the end of the window moves from its beginning to where the reader had set it. */
function play() {
  if (playing) return pause();
  const again = paused && paused.at === state.to ? paused : null;
  paused = null;
  const before = again?.before ?? state;
  const days = daysToPlay(before.to).filter((one) => !again || one > again.at);
  const step = Math.max(1, Math.ceil(days.length / 40));
  if (!again) undoStack.push(state);
  let index = 0;
  const next = () => {
    if (index >= days.length) return stopRun();
    state = { ...state, to: days[index] };
    index += step;
    writeAddress();
    return refresh();
  };
  playing = { timer: setInterval(next, 700), before };
  return showFilters();
}

/** The days on which something begins within the window, its own first day before them. */
function daysToPlay(end) {
  const starts = timesHere().map(([start]) => start);
  const within = starts.filter(
    (one) => (state.from === null || one > state.from) && (end === null || one <= end),
  );
  return [...new Set([state.from, ...within])].filter(Boolean).sort();
}

function pause() {
  paused = { before: playing.before, at: state.to };
  haltRun();
  showFilters();
}

/** Time stands still, wherever it is. */
function haltRun() {
  clearInterval(playing?.timer);
  playing = null;
}

/** Time stands still, and the window is as it was before it ran. */
function stopRun() {
  if (!playing) return;
  const { to } = playing.before;
  haltRun();
  state = { ...state, to };
  if (undoStack.length && sameText({ ...undoStack.at(-1), selected: null }, { ...state, selected: null }))
    undoStack.pop(); // nothing is left of it to undo
  writeAddress();
  refresh();
}

function supportControls() {
  const most = [...counted.counts.values()].reduce((top, count) => Math.max(top, count.asserters), 1);
  const level = (value) => ["any", ...LEVELS][value];
  return el(
    "div",
    { class: "controls" },
    slider("asserters", "Independent asserters, at least", {
      min: 0,
      max: most,
      value: Math.min(state.min, most),
      wording: String,
      set: (min) => change({ min }),
    }),
    slider("confidence", "Analytic confidence, at least", {
      min: 0,
      max: LEVELS.length,
      value: state.confidence,
      wording: level,
      set: (confidence) => change({ confidence }),
    }),
    tick("unrated", "include not rated", state.unrated, (unrated) => change({ unrated })),
    tick("structural", "paths may use structural relations", state.structural, (structural) =>
      change({ structural }),
    ),
  );
}

function hiddenControls() {
  const row = (index, act, text) =>
    el(
      "li",
      {},
      symbol(model.nodes[index].kind),
      el("span", { class: "grow" }, nameOf(index)),
      button(text, act),
    );
  const without = (key, index) => () => change({ [key]: state[key].filter((one) => one !== index) });
  return el(
    "div",
    { class: "controls" },
    el(
      "ul",
      { class: "list tight" },
      state.hidden.map((index) => row(index, without("hidden", index), "Show")),
      state.pinned.map((index) => row(index, without("pinned", index), "Unpin")),
    ),
    state.hidden.length + state.pinned.length ? null : el("p", { class: "dim" }, "None."),
  );
}

// --- hide, pin ------------------------------------------------------------------------------------------

function hideSelected() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  change({ hidden: [...state.hidden, node], selected: null });
  say(`${named(node)} hidden. Undo with z.`);
}

/** A pinned node keeps its place in the address and is not dragged by accident. */
function pinSelected() {
  const { node } = state.selected ?? {};
  if (node === undefined) return say("Choose a node first.");
  const pinned = state.pinned.includes(node);
  change({ pinned: pinned ? state.pinned.filter((one) => one !== node) : [...state.pinned, node] });
  say(`${named(node)} ${pinned ? "unpinned" : "pinned where it stands"}.`);
}

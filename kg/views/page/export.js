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

const factLine = () => {
  const facts = provenance();
  return `Corpus ${facts.corpus_date ?? "undated"} · kg ${facts.version} · ledger ${facts.ledger.slice(0, 12)} · ${facts.counts} · sources: ${facts.sources || "none named"} · marking: ${facts.marking}${facts.lens === "none" ? "" : ` · ${facts.lens}`}`;
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
    return { id, kind, name, names, ids, x, y, time, ...properties };
  });
  const edges = [...shown.links].map((index) => edgeForFile(model.links[index]));
  download(
    fileName("json"),
    "application/json",
    JSON.stringify({ about: provenance(), nodes, edges }, null, 1),
  );
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
  return {
    from: model.nodes[link.from].id,
    type: link.kind,
    to: model.nodes[link.to].id,
    declared: link.declared ?? false,
    ...count,
    who: who?.map((one) => model.entities[one].id),
    time: ownTime(link),
    ...link.properties,
    ...properties,
    claims,
  };
}

/** Rows of the table. A cell that a spreadsheet would take for a formula is made text. */
function exportCsv() {
  const cell = (value) => {
    const text = oneLine(value);
    return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  const notes = Object.entries(provenance()).map(([name, value]) => `# ${name}: ${oneLine(value)}`);
  const rows = [COLUMNS.map(([name]) => name), ...tableRows().map((row) => row.cells)].map((cells) =>
    cells.map(cell).join(","),
  );
  download(fileName("csv"), "text/csv;charset=utf-8", [...notes, ...rows, ""].join("\r\n"));
}

// --- pictures -------------------------------------------------------------------------------------------

function exportPng() {
  const from = document.querySelector("#canvas canvas");
  const ratio = from.width / from.clientWidth;
  const [head, foot] = [48, 30 + (16 * Object.keys(model.kinds).length) / 4];
  const canvas = el("canvas", { width: from.width, height: from.height + (head + foot) * ratio });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colours.canvas;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(from, 0, head * ratio);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = colours.ink;
  ctx.font = `650 20px ${FONT}`;
  ctx.fillText(model.about.title, 16, 31);
  ctx.font = `400 11px ${FONT}`;
  ctx.fillStyle = colours.muted;
  ctx.fillText(cut(factLine(), Math.floor(from.clientWidth / 5.6)), 16, head + from.clientHeight + 18);
  legendOnCanvas(ctx, 16, head + from.clientHeight + 38, from.clientWidth);
  canvas.toBlob((blob) => download(fileName("png"), "image/png", blob), "image/png");
}

function legendOnCanvas(ctx, left, top, width) {
  let [x, y] = [left, top];
  for (const kind of kindsShown()) {
    const wide = ctx.measureText(kindWords(kind)).width + 34;
    if (x + wide > width) {
      x = left;
      y += 17;
    }
    drawSymbol(ctx, { kind }, x + 7, y - 4, 6);
    ctx.fillStyle = colours.muted;
    ctx.fillText(kindWords(kind), x + 18, y);
    x += wide;
  }
}

const kindsShown = () =>
  Object.keys(model.kinds).filter((kind) =>
    [...shown.nodes].some((index) => model.nodes[index].kind === kind),
  );

function exportSvg() {
  const nodes = [...shown.nodes].map((index) => model.nodes[index]);
  const [west, east] = extent(nodes.map((node) => node.x));
  const [north, south] = extent(nodes.map((node) => node.y));
  const box = { x: west - 140, y: north - 110, width: east - west + 280, height: south - north + 220 };
  const image = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
    "font-family": "system-ui, sans-serif",
    "font-size": 12,
  });
  image.append(...svgHead(box), ...drawn.edges.getIds().map(svgEdge));
  image.append(
    ...segmentsShown().junctions.map(({ row }) =>
      svg("circle", { cx: row.x, cy: row.y, r: 4, fill: colours.ink }),
    ),
  );
  image.append(...nodes.map(svgNode));
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(image)}`;
  download(fileName("svg"), "image/svg+xml", text);
}

function svgHead({ x, y, width, height }) {
  return [
    svgText("title", {}, model.about.title),
    svgText("desc", {}, factLine()),
    svgText("metadata", {}, JSON.stringify(provenance())),
    svg("rect", { x, y, width, height, fill: colours.canvas }),
    arrowHead(),
    svgText(
      "text",
      { x: x + 16, y: y + 28, "font-size": 20, "font-weight": 650, fill: colours.ink },
      model.about.title,
    ),
    svgText("text", { x: x + 16, y: y + height - 14, "font-size": 11, fill: colours.muted }, factLine()),
  ];
}

const svgText = (tag, attributes, text) => svg(tag, attributes, clean(text));
/** XML 1.0 knows no control characters, whatever a name holds. */
const clean = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");

function arrowHead() {
  return svg(
    "defs",
    {},
    svg(
      "marker",
      {
        id: "arrow",
        viewBox: "0 0 10 10",
        refX: 9,
        refY: 5,
        markerWidth: 9,
        markerHeight: 9,
        markerUnits: "userSpaceOnUse",
        orient: "auto",
      },
      svg("path", { d: "M0 0L10 5L0 10Z", fill: colours.muted }),
    ),
  );
}

function svgEdge(id) {
  const row = drawn.edges.get(id);
  const points = Array.from({ length: 17 }, (_, index) => middleOf(id, 0.03 + (index * 0.91) / 16));
  const d = points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  const line = svg("path", {
    d,
    fill: "none",
    stroke: row.color.color,
    "stroke-width": row.width,
    ...(row.dashes ? { "stroke-dasharray": row.dashes.join(" ") } : {}),
    ...(row.arrows.to.enabled ? { "marker-end": "url(#arrow)" } : {}),
  });
  line.append(
    svgText(
      "title",
      {},
      linksOfEdge(id)
        .map((link) => `${nameOf(link.from)} ${words(link.kind)} ${nameOf(link.to)}`)
        .join("; "),
    ),
  );
  return line;
}

function svgNode(node) {
  const radius = radiusOf(node);
  const mark = markOf(node.kind);
  const group = svg("g", { transform: `translate(${node.x} ${node.y})` });
  group.append(svgText("title", {}, `${node.name} (${kindWords(node.kind)})`));
  group.append(
    svg("path", {
      d: shapeOf(node.kind),
      transform: `scale(${radius})`,
      fill: colourOf(node.kind),
      stroke: colours.outline,
      "stroke-width": 1.4 / radius,
    }),
  );
  if (mark) group.append(svg("path", { d: mark, transform: `scale(${radius})`, fill: colours.canvas }));
  breakLines(node.name).forEach((text, index) =>
    group.append(
      svgText(
        "text",
        {
          y: radius * 1.15 + 13 + index * 14,
          "text-anchor": "middle",
          fill: colours.ink,
          stroke: colours.canvas,
          "stroke-width": 3,
          "paint-order": "stroke",
        },
        text,
      ),
    ),
  );
  return group;
}

// A canvas' context whose drawing becomes an SVG: as much of one as our drawing asks for. It writes text, so
// that it runs wherever the script does; what it is given is escaped here and nowhere else.

/** XML 1.0 knows no control characters, whatever a name holds; nor may a name turn what follows it. */
export const clean = (text) =>
  String(text)
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const safe = (text) => clean(text).replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

const short = (number) => Math.round(number * 10) / 10;

export const element = (tag, attributes, ...children) => {
  const given = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  const written = given.map(([name, value]) => ` ${name}="${safe(value)}"`).join("");
  return children.length ? `<${tag}${written}>${children.join("")}</${tag}>` : `<${tag}${written}/>`;
};

export const textElement = (tag, attributes, text) => element(tag, attributes, safe(text));

export class SvgPen {
  font = "";
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  lineJoin = "";
  textBaseline = "";
  textAlign = "left";
  globalAlpha = 1;
  parts = [];
  path = "";
  dashes = [];
  outline = {};
  groups = [];

  /** `measure`: how wide a text is in a font. */
  constructor(measure) {
    this.measure = measure;
  }

  measureText(text) {
    return { width: this.measure(text, this.font) };
  }

  setLineDash(dashes) {
    this.dashes = dashes;
  }

  save() {}

  restore() {}

  /** What is drawn from here on is moved by so much, and cut off outside of a box of this size. */
  within(x, y, width, height, draw) {
    const outside = this.parts;
    this.parts = [];
    draw();
    const inside = this.parts.join("\n");
    this.parts = outside;
    this.parts.push(element("svg", { x, y, width, height }, inside));
  }

  /** A group begins, a line or a symbol, with its name for whoever points at it. */
  begin(role, title) {
    this.groups.push({ role, title, before: this.parts });
    this.parts = [];
  }

  end() {
    const { role, title, before } = this.groups.pop();
    before.push(element("g", { class: role }, textElement("title", {}, title), ...this.parts));
    this.parts = before;
  }

  add(tag, attributes) {
    if (this.globalAlpha !== 1) attributes.opacity = this.globalAlpha;
    this.parts.push(element(tag, attributes));
  }

  fillRect(x, y, width, height) {
    if (width > 0 && height > 0) this.add("rect", { x: short(x), y: short(y), width: short(width), height: short(height), fill: this.fillStyle });
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }

  /** A whole circle: we draw no other arcs. */
  arc(x, y, r) {
    this.path += `M${short(x - r)} ${short(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0`;
  }

  roundRect(x, y, width, height, radius) {
    const r = Math.min(radius, width / 2, height / 2);
    const corner = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
    const [w, h] = [short(width - 2 * r), short(height - 2 * r)];
    this.path +=
      `M${short(x + r)} ${short(y)}h${w}${corner(r, r)}v${h}${corner(-r, r)}` +
      `h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}Z`;
  }

  fill() {
    this.add("path", { d: this.path, fill: this.fillStyle });
  }

  stroke() {
    const dashes = this.dashes.length ? { "stroke-dasharray": this.dashes.join(" ") } : {};
    this.add("path", { d: this.path, fill: "none", stroke: this.strokeStyle, "stroke-width": short(this.lineWidth), ...dashes });
  }

  /** A symbol, given as a path around (0, 0) with radius 1. */
  shape(path, x, y, radius, fill, outline) {
    const width = outline ? { stroke: outline, "stroke-width": short(Math.min(14 / radius, 1.6)) / 10 } : {};
    this.add("path", { d: path, transform: `translate(${short(x)} ${short(y)}) scale(${short(radius)})`, fill, ...width });
  }

  /** The seam of the text that follows. */
  strokeText() {
    this.outline = {
      stroke: this.strokeStyle,
      "stroke-width": this.lineWidth,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    };
  }

  fillText(text, x, y) {
    const [, slant, weight, size] = this.font.match(/^(italic )?(\d+) ([\d.]+)px/);
    const attributes = { x: short(x), y: short(y), fill: this.fillStyle, ...this.outline };
    if (slant) attributes["font-style"] = "italic";
    if (this.textAlign === "center") attributes["text-anchor"] = "middle";
    this.parts.push(textElement("text", { ...attributes, "font-weight": weight, "font-size": short(Number(size)) }, text));
    this.outline = {};
  }
}

// A canvas' context whose drawing becomes an SVG.

import { svg } from "./shapes.js";
import { clean, measuring } from "./sheet.js";

export const svgText = (tag, attributes, text) => svg(tag, attributes, clean(text));

/** As much of a canvas' context as our drawing asks for; what is drawn becomes elements of the SVG. */
export class SvgPen {
  font = "";
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  lineJoin = "";
  textBaseline = "";
  constructor(parent) {
    this.parent = parent;
    this.path = "";
    this.dashes = [];
    this.globalAlpha = 1;
    this.textAlign = "left";
    this.outline = {};
  }
  measureText(text) {
    measuring().font = this.font;
    return measuring().measureText(text);
  }
  setLineDash(dashes) {
    this.dashes = dashes;
  }
  save() {}
  restore() {}
  add(tag, attributes) {
    if (this.globalAlpha !== 1) attributes.opacity = this.globalAlpha;
    this.parent.append(svg(tag, attributes));
  }
  fillRect(x, y, width, height) {
    if (width > 0 && height > 0) this.add("rect", { x, y, width, height, fill: this.fillStyle });
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
    this.add("path", {
      d: this.path,
      fill: "none",
      stroke: this.strokeStyle,
      "stroke-width": this.lineWidth,
      ...dashes,
    });
  }
  /** The halo of the text that follows. */
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
    this.parent.append(
      svgText("text", { ...attributes, "font-weight": weight, "font-size": size }, text),
    );
    this.outline = {};
  }
}

export const short = (number) => Math.round(number * 10) / 10;

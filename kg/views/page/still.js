// A picture on paper, drawn where there is no page: `kg render --out x.svg` runs this in an engine of its own.

import { readColours } from "./draw/colours.js";
import { nameCommunities } from "./draw/communities.js";
import { estimated } from "./draw/metrics.js";
import { compose } from "./draw/scene.js";
import { sheetAsSvg } from "./draw/svg.js";
import { look } from "./model/visible.js";
import { index } from "./rules/rows.js";

/** The SVG of all that the picture opens with. */
export function still({ data, width, height }) {
  index(data);
  readColours();
  look();
  nameCommunities();
  compose();
  return sheetAsSvg(width, height, estimated);
}

"""From claims to a graph: links, standing, the projection, and the lenses before it."""

"""The command `kg`. The data-frame library takes as long to load as all that is ours; many commands
(a saved question, a list, help) never use it."""

from kg.base.later import later

later("polars")

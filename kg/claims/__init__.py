"""The claim: its columns, how loaders make it, how people write it."""

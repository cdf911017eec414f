"""What every room stands on: errors, settings, discovery, strict YAML, atomic writing."""

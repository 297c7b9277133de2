"""Pages of rectification, by noun."""

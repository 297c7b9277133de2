"""Measurements for docs/performance and docs/benchmarks.md: ratios of work done side by side in one run."""

"""Workbooks and CSV files that people send and get: safe to open, read by row, written so that no text is a formula."""

"""Rosters: Excel and CSV files that say which villages there are (mission B5; domain.md, roster import).

files → sheets → cells → staging → places → comparing → committing, in this order; `imports` is the door for
views, commands and other packages.
"""

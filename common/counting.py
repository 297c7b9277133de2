"""Counts that stop at a cap, many in one statement: a bare count(*) over a large table is never needed."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

CAP = 10_000


def capped_counts(querysets: Mapping[str, "QuerySet[Any]"], cap: int = CAP) -> dict[str, int]:
    """{name: number of rows, at most cap + 1} with one query."""
    counts = dict.fromkeys(querysets, 0)
    parts, names = [], []
    params: list[Any] = []
    for name, queryset in querysets.items():
        try:
            sql, values = queryset.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608  compiled by Django, values are parameters
        names.append(name)
        params.extend(values)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            counts |= dict(zip(names, cursor.fetchone(), strict=True))
    return counts

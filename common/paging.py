"""Pages of a long list by key: the thousandth costs what the first costs, and new rows shift nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

CAP = 10_000


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    count: int
    prev_url: str
    next_url: str

    @property
    def capped(self) -> bool:
        return self.count > CAP


def page_of(queryset: "QuerySet[Any]", params: Any, *, by: str = "-id", size: int = 50) -> Page:
    """The page that `after` or `before` in the query string asks for, in the order of one unique field."""
    name = by.lstrip("-")
    up, down = ("gt", "lt") if not by.startswith("-") else ("lt", "gt")
    field = _field(queryset.model, name)
    before, after = (_value(field, params.get(key, "")) for key in ("before", "after"))
    rows = _slice(queryset, name, by, before, after, (up, down), size)
    more = len(rows) > size
    rows = rows[:size]
    if before is not None:
        rows.reverse()
    first, last = (_read(rows[0], name), _read(rows[-1], name)) if rows else (None, None)
    has_prev, has_next = (more, True) if before is not None else (after is not None, more)
    return Page(
        rows,
        queryset.order_by()[: CAP + 1].count(),
        _url(params, "before", first) if has_prev and rows else "",
        _url(params, "after", last) if has_next and rows else "",
    )


def _field(model: Any, path: str) -> Any:
    """The field that orders the list, also over a relation (division__code)."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.pk if last in ("id", "pk") else model._meta.get_field(last)


def _read(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _slice(queryset: Any, name: str, by: str, before: Any, after: Any, ways: tuple[str, str], size: int) -> list[Any]:
    up, down = ways
    if before is not None:
        opposite = name if by.startswith("-") else f"-{name}"
        return list(queryset.filter(**{f"{name}__{down}": before}).order_by(opposite)[: size + 1])
    if after is not None:
        queryset = queryset.filter(**{f"{name}__{up}": after})
    return list(queryset.order_by(by)[: size + 1])


def _value(field: Any, text: str) -> Any:
    """What the query string holds, or None when it is no value of the field (somebody edited the address)."""
    if not text or "\x00" in text:
        return None
    try:
        value = field.to_python(text)
        field.run_validators(value)
    except (ValidationError, ValueError):
        return None
    return value


def _url(params: Any, key: str, value: Any) -> str:
    query = params.copy()
    for gone in ("before", "after", "page"):
        query.pop(gone, None)
    query[key] = str(value)
    return f"?{query.urlencode()}"

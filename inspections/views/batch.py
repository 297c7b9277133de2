"""Rows that were ticked in a list."""

from django.http import HttpRequest

MOST = 500


def number(text: str) -> int | None:
    """The key that an address or a field holds, or None when somebody wrote something else there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def chosen_ids(request: HttpRequest) -> list[int]:
    """The numbers in `ids`, once each; whatever is no number is left out."""
    ids = [pk for one in request.POST.getlist("ids") if (pk := number(one)) is not None]
    return list(dict.fromkeys(ids))[:MOST]


def hidden(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """The named values of the request, to be carried through a confirmation page."""
    return [(name, value) for name in names for value in request.POST.getlist(name)]

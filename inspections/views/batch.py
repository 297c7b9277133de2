"""Rows that were ticked in a list."""

from django.http import HttpRequest

from common.asked import number

MOST = 500


def chosen_ids(request: HttpRequest) -> list[int]:
    """The numbers in `ids`, once each; whatever is no number is left out."""
    ids = [pk for one in request.POST.getlist("ids") if (pk := number(one)) is not None]
    return list(dict.fromkeys(ids))[:MOST]


def hidden(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """The named values of the request, to be carried through a confirmation page."""
    return [(name, value) for name in names for value in request.POST.getlist(name)]

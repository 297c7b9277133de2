"""Walks every address as every person and compares the answers with the oracle."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.story import Story
from tests.factories.story_parts import MARKS, OTHER, OWN, SIBLING
from tests.mianyang_xuncha.canary import body, tells_a_source
from tests.mianyang_xuncha.oracle import ORACLE
from tests.mianyang_xuncha.oracle_words import PEOPLE, SAME_COUNTY, Row

OK = "ok"
REVEALING = ("inspections:talk_reveal", "inspections:visit_reveal", "rectification:clue_open")
PLACES = (OWN, SIBLING, OTHER)
PASSED = frozenset({200, 302, 409, 422})  # the gates let it through; what the act itself says is another test's matter


def patterns(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(full name, pattern) of every address of the URL conf."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield f"{namespace}{one.name}", one


@dataclass(frozen=True)
class Cell:
    row: str
    person: str
    place: str
    method: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.row} as {self.person} on {self.place}"


def cells(names: Iterable[str] = ORACLE, people: Iterable[str] = PEOPLE) -> Iterator[Cell]:
    """Whoever has no part in a page at all is asked at one place; the others at all, and by both methods."""
    for name in names:
        row = ORACLE[name]
        for person in people:
            kind = PEOPLE[person][0]
            if kind not in (row.get or frozenset()) | (row.post or frozenset()):
                yield from (Cell(name, person, OWN, method) for method in taken(row))
                continue
            for place in PLACES if row.has_object else (OWN,):
                yield Cell(name, person, place, "get")
                if not row.also:
                    yield Cell(name, person, place, "post")


def taken(row: Row) -> list[str]:
    """The methods that the page takes."""
    return [method for method, having in (("get", row.get), ("post", row.post)) if having is not None]


def expected(cell: Cell) -> Any:
    row = ORACLE[cell.row]
    kind, reach = PEOPLE[cell.person]
    other = row.post if cell.method == "get" else row.get
    having = row.get if cell.method == "get" else row.post
    if having is None:
        return 405 if other and kind in other else 403
    if row.get is not None and cell.method == "post" and kind in row.get and kind not in having:
        return 403 if _within(row, cell.place, reach) and kind not in row.hidden else {403, 404}
    if kind not in having:
        return 403
    if row.only:
        return OK if (cell.person, cell.place) == (row.only, OWN) else 404
    if row.has_object and (not _within(row, cell.place, reach) or kind in row.hidden):
        return 404
    return 403 if kind in row.refused else OK


def _within(row: Row, place: str, reach: frozenset[str]) -> bool:
    if row.everywhere:
        return True
    return bool(SAME_COUNTY[place] & reach) if row.shared else place in reach


def answer(client: Client, story: Story, cell: Cell) -> int:
    return respond(client, story, cell).status_code


def respond(client: Client, story: Story, cell: Cell) -> Any:
    """The answer to one request, whose effects are taken back."""
    row = ORACLE[cell.row]
    place = story.places[cell.place]
    url = reverse(row.also or cell.row, kwargs=row.kwargs(place) if row.kwargs else {})
    with transaction.atomic():
        if cell.method == "get":
            response = client.get(f"{url}?{row.query}" if row.query else url)
        else:
            response = client.post(url, row.data(place) if row.data else {})
        transaction.set_rollback(True)
    return response


def may_show_a_source(cell: Cell) -> bool:
    """The answer to a POST that asks to see one, for whoever may."""
    return cell.row in REVEALING and cell.method == "post" and expected(cell) == OK


SEATS = ("team_leader", "spare_member", "team_member")  # of each place's team
INSPECTORS = {"leader", "deputy", "member", "idle", "former"}


def not_for(story: Story, person: str) -> frozenset[str]:
    """The words that no page of this person may say: what is told of places out of reach, who is on a team there."""
    kind, reach = PEOPLE[person]
    if person == "auditor":
        return frozenset()
    away = [place for place in PLACES if place not in reach]
    told = {MARKS[place] for place in away}
    if kind in INSPECTORS:
        told |= {story.places[place].world.people[seat].full_name for place in away for seat in SEATS}
    return frozenset(told)


def leaks(cell: Cell, response: Any, words: frozenset[str]) -> list[str]:
    """Those of the words that a page says which the person opens within reach; his own inbox is his."""
    row, reach = ORACLE[cell.row], PEOPLE[cell.person][1]
    if cell.method != "get" or expected(cell) != OK or (row.has_object and cell.place not in reach):
        return []
    if cell.person == "sysadmin" and cell.row == "inbox":
        return []
    return [word for word in words if word in body(response).decode("utf-8", "replace")]


def agrees(status: int, wanted: Any) -> bool:
    if wanted == OK:
        return status in PASSED
    return status in wanted if isinstance(wanted, set) else status == wanted


def failures(story: Story, names: Iterable[str] = ORACLE, people: Iterable[str] = PEOPLE) -> Iterator[str]:
    """Every cell whose answer is not the oracle's, or that says too much; whoever needs only one stops there."""
    people = list(people)
    clients: dict[str, Client] = {}
    unsaid = {person: not_for(story, person) for person in people}
    for cell in cells(list(names), people):
        client = clients.get(cell.person) or clients.setdefault(cell.person, _signed_in(story, cell.person))
        response = respond(client, story, cell)
        status = response.status_code
        if not agrees(status, expected(cell)):
            yield f"{cell}: {status}, not {expected(cell)}"
        if tells_a_source(response) and not may_show_a_source(cell):
            yield f"{cell}: shows who was talked to"
        if said := leaks(cell, response, unsaid[cell.person]):
            yield f"{cell}: says {said}, which is out of reach"
        if cell.row == "accounts:sign_out":
            clients.pop(cell.person)


def _signed_in(story: Story, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(story.world.people[person])
    return client

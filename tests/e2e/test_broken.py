"""Everybody of the demo follows every link and presses every button that the pages offer: none is dead."""

import io
import json
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.e2e.pages import Clickable, Form, read

# Pages that one person opens: of one view asked in one way, of one view, and altogether.
ALIKE, OF_A_VIEW, MOST = 2, 5, 150
WELL = {200, 302, 409, 422}
ROLES = {  # one account for each role and post of the demo
    *("city", "cityroster", "admin", "auditor", "county", "head", "roster", "leader", "team1", "team2"),
    *("discipline", "orgdept", "agri", "qysecretary", "qyofficer", "qydiscipline", "qymember", "qy1v", "qy1s"),
}


class Undo(Exception):
    """What a pressed button did is taken back."""


class Crawler:
    """One person, who opens a few pages of each kind."""

    def __init__(self, user: User):
        self.user = user
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.waiting = deque([("/", "")])
        self.known = {"/"}
        self.kinds: Counter[str] = Counter()
        self.views: Counter[str] = Counter()
        self.pressed: Counter[str] = Counter()
        self.faults: list[tuple[str, ...]] = []

    def crawl(self) -> None:
        for _number in range(MOST):
            if not self.waiting:
                return
            self.open(*self.waiting.popleft())

    def open(self, address: str, source: str) -> None:
        response = self.client.get(address)
        if response.status_code not in (200, 302):
            self.fault("opens with", response.status_code, f"{address} from {source}")
        if response.status_code == 302:
            self.expect(address, response.url)
            return
        if "text/html" in response["Content-Type"]:
            page = read(response.content.decode())
            self.follow(address, page)
            for one in page.dead_buttons():
                self.fault("dead button", one, address)
            for form in page.forms:
                self.press(address, form)

    def follow(self, address: str, page: Clickable) -> None:
        for link in page.links:
            if not link or link == "#":
                self.fault("empty link", link, address)
            elif link.startswith("#"):
                if link[1:] not in page.ids:
                    self.fault("no such place on the page", link, address)
            elif urlsplit(link).scheme not in ("", "http", "https"):
                continue
            else:
                self.expect(address, link)

    def expect(self, address: str, link: str) -> None:
        """Put the page on the list, unless enough of its kind were seen."""
        target = urldefrag(urljoin(address, link)).url
        if urlsplit(target).netloc or target in self.known:
            return
        self.known.add(target)
        kind = kind_of(target)
        if kind is None:
            self.fault("leads nowhere", target, address)
        elif self.kinds[kind] < ALIKE and self.views[kind.partition("?")[0]] < OF_A_VIEW:
            self.kinds[kind] += 1
            self.views[kind.partition("?")[0]] += 1
            self.waiting.append((target, address))

    def press(self, address: str, form: Form) -> None:
        """Send the form as it came; a refusal of the person, or no such act, is a fault of the page."""
        if form.method == "get":
            self.follow(address, Clickable(links=[form.action or address]))
            return
        for place in form.places:
            target = urljoin(address, place or address)
            kind = kind_of(target)
            if kind is None or place == "":
                self.fault("button leads nowhere", place, address)
            elif kind != "accounts:sign_out" and self.pressed[kind] < ALIKE:
                self.pressed[kind] += 1
                status = self.send(target, form.fields)
                if status not in WELL:
                    self.fault("button answers with", status, f"{target} on {address}")

    def send(self, target: str, fields: dict[str, list[str]]) -> int:
        status = 0
        try:
            with transaction.atomic():
                status = self.client.post(target, fields).status_code
                raise Undo
        except Undo:
            return status

    def fault(self, *words: Any) -> None:
        self.faults.append((self.user.username, *map(str, words)))


def kind_of(address: str) -> str | None:
    """The name of the page and of what is asked of it; None where there is no page."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    asked = sorted(one.partition("=")[0] for one in parts.query.split("&") if one)
    return "?".join([match.view_name, *(["&".join(asked)] if asked else [])])


@pytest.fixture
def demo(db: Any) -> Iterator[list[dict[str, str]]]:
    out = io.StringIO()
    call_command("seed_demo", "--json", "--stage", "closing", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.timeout(900)  # the whole demo is told, and nineteen people go through it
def test_no_link_and_no_button_of_the_demo_is_dead(demo: list[dict[str, str]]):
    assert {one["username"] for one in demo} >= ROLES
    faults, seen = [], Counter()
    for user in User.objects.filter(username__in=ROLES).select_related("organ__division"):
        crawler = Crawler(user)
        crawler.crawl()
        faults += crawler.faults
        seen += crawler.views
    assert faults == []
    assert set(seen) >= {"rectification:item", "inspections:detail", "villages:detail", "inspections:plan", "inbox"}

"""Every address, every kind of person, every place: the program answers what the hand-written oracle says.

The story is told once for the whole module, in a transaction that is taken back at its end.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from common import policy
from common.gate import PUBLIC, SIGNED_IN
from tests.factories import world as casting
from tests.factories.story import tell
from tests.factories.story_parts import MARKS, OTHER, OWN, SIBLING
from tests.mianyang_xuncha import matrix
from tests.mianyang_xuncha.canary import body
from tests.mianyang_xuncha.matrix import OK, SEATS, answer, cells, expected, failures, patterns, respond, taken
from tests.mianyang_xuncha.oracle import ORACLE
from tests.mianyang_xuncha.oracle_words import KINDS, PEOPLE

CELLS_AT_LEAST = 6_500
WITH_OBJECT = [name for name, row in ORACLE.items() if row.has_object and not row.only and not row.everywhere]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(casting.build())
        transaction.set_rollback(True)


@pytest.fixture
def story(told, db):
    return told


def test_the_oracle_knows_every_address_and_no_other():
    named = {row.also or name for name, row in ORACLE.items()}
    assert {name for name, _pattern in patterns()} == named


def test_every_view_names_its_permission():
    assert [name for name, one in patterns() if not getattr(one.callback, "permission", None)] == []


def test_every_named_permission_is_known_to_the_policy():
    granted = {(one.model, one.action) for one in policy.rows()}
    asked = {one.callback.permission for _name, one in patterns()} - {PUBLIC, SIGNED_IN}
    assert asked <= granted


def test_only_sign_in_and_health_are_public():
    public = {name for name, one in patterns() if one.callback.permission == PUBLIC}
    assert public == {"accounts:sign_in", "healthz"} == {name for name, row in ORACLE.items() if row.public}


def test_the_matrix_is_large_and_no_row_of_objects_is_vacuous():
    answers = {}
    count = 0
    for cell in cells():
        count += 1
        answers.setdefault((cell.row, cell.method), set()).add(str(expected(cell)))
    assert count >= CELLS_AT_LEAST
    of_objects = {
        key: seen for key, seen in answers.items() if ORACLE[key[0]].has_object and key[1] in taken(ORACLE[key[0]])
    }
    assert [key for key, seen in of_objects.items() if "ok" not in seen or len(seen) < 2] == []


def test_everybody_of_the_matrix_is_allowed_and_denied_something():
    for person in PEOPLE:
        seen = {str(expected(cell)) for cell in cells(people=[person])}
        assert {"ok", "403"} <= seen, person


@pytest.mark.parametrize("person", PEOPLE)
def test_the_program_answers_what_the_oracle_says(story, person):
    found = list(failures(story, people=[person]))
    assert not found, "\n".join(found)


def test_strangers_are_sent_to_sign_in_from_everywhere(story):
    client = Client()
    for name, row in ORACLE.items():
        url = reverse(row.also or name, kwargs=row.kwargs(story.places[OWN]) if row.kwargs else {})
        for response in (client.get(url), client.post(url)):
            sent = response.status_code == 302 and response.headers["Location"].startswith("/sign-in/")
            assert sent is (not row.public), (name, response.status_code)


def test_no_post_is_taken_without_the_token(story):
    client = Client(enforce_csrf_checks=True)
    for name, row in ORACLE.items():
        if row.post and not row.also:
            person = next(one for one, (kind, reach) in PEOPLE.items() if kind in row.post and OWN in reach)
            client.force_login(story.world.people[person])
            url = reverse(name, kwargs=row.kwargs(story.places[OWN]) if row.kwargs else {})
            assert client.post(url, row.data(story.places[OWN]) if row.data else {}).status_code == 403, name


# Leaks: what a page says, not only whether it opens (`matrix.leaks` looks at every page of the walk above)


def test_the_office_reads_who_is_on_each_team_of_its_round(story):
    client = Client()
    client.force_login(story.world.county_officer)
    rounds = [name for name in ORACLE if name.startswith("inspections:round")]
    open_pages = [cell for cell in cells(rounds, ["county_officer"]) if cell.method == "get" and expected(cell) == OK]
    text = "".join(body(respond(client, story, cell)).decode() for cell in open_pages)
    for place in (OWN, SIBLING):
        assert all(story.places[place].world.people[seat].full_name in text for seat in SEATS)


def test_a_page_that_says_too_much_is_noticed(story, monkeypatch):
    monkeypatch.setattr(matrix, "not_for", lambda story, person: frozenset({MARKS[OWN]}))
    found = list(failures(story, ["rectification:item"], ["county_officer"]))
    assert any("out of reach" in one for one in found)


@pytest.mark.parametrize(
    ("person", "place"),
    [
        ("township_secretary", SIBLING),
        ("township_secretary", OTHER),
        ("village_secretary", SIBLING),
        ("discipline_officer", SIBLING),
        ("team_member", SIBLING),
        ("county_officer", OTHER),
        ("leading_group", OTHER),
    ],
)
def test_a_search_for_foreign_words_and_numbers_finds_nothing(story, person, place):
    client = Client()
    client.force_login(story.world.people[person])
    there = story.places[place]
    for text in (there.mark, there.items["assigned"].number, there.village.division.code, there.village.division.name):
        page = client.get("/search/", {"q": text})
        assert page.context["groups"] == [], text
        assert "没有找到" in page.content.decode()


def test_a_search_for_the_own_finds_them(story):
    client = Client()
    client.force_login(story.world.township_secretary)
    here = story.places[OWN]
    place = here.village.division
    for text in (here.items["assigned"].number, place.code, place.pinyin, place.initials, "梨花assigned"):
        assert client.get("/search/", {"q": text}).context["groups"], text


# Mutations: the matrix would notice


def test_seeing_everything_is_noticed_at_every_object(story, monkeypatch):
    monkeypatch.setattr(policy, "visible", lambda user, queryset, action="view": queryset)
    silent = [name for name in WITH_OBJECT if not noticed(story, name)]
    assert silent == []


def noticed(story, name):
    """Does one cell that must be 404 answer otherwise?"""
    row = ORACLE[name]
    for person, (kind, reach) in PEOPLE.items():
        if kind in (row.get or row.post) and (not reach or kind in row.hidden or OTHER not in reach):
            return any(failures(story, [name], [person]))
    return True


def test_a_policy_that_lets_everybody_in_is_noticed(story, monkeypatch):
    monkeypatch.setattr(policy, "may", lambda user, action, model: policy.Decision(True))
    assert len(list(failures(story, people=["auditor"]))) > 50


OPEN_TO_ALL = {"inbox", "inbox_mark", "inbox_message", "inbox_open"}  # everybody has an inbox: nobody is denied
ASKED_TWICE = {  # by the service, too
    "inspections:checklist_begin",
    "rectification:calendar_forget",
    "rectification:export",
    "villages:rules_draft",
}
GATED = sorted({name for name, one in patterns() if one.callback.permission not in (PUBLIC, SIGNED_IN)} - OPEN_TO_ALL)


@pytest.mark.parametrize("name", GATED)
def test_a_gate_that_is_taken_out_is_noticed(story, monkeypatch, name):
    """Or lets nobody in, where the service asks again."""
    pattern = dict(patterns())[name]
    ungated = pattern.callback.__wrapped__
    view = lambda request, *args, **kwargs: ungated(request, *args, **kwargs)  # noqa: E731
    view.permission = pattern.callback.permission
    monkeypatch.setattr(pattern, "callback", view)
    row = ORACLE[name]
    denied = sorted(KINDS - (row.get or row.post))
    people = [one for one, (kind, _reach) in PEOPLE.items() if kind in denied]
    assert any(failures(story, [name], people)) == (name not in ASKED_TWICE)


def test_a_status_of_one_request_is_what_is_compared(story):
    client = Client(raise_request_exception=False)
    client.force_login(story.world.auditor)
    cell = next(one for one in cells(["rectification:item"], ["auditor"]))
    assert answer(client, story, cell) == 403 == expected(cell)

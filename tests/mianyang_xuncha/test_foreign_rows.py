"""What happens elsewhere changes no byte of a page: counts, tabs, lights, search, menu."""

import re

from django.test import Client

from tests.factories.story import prepare, tell_place
from tests.factories.story_parts import MARKS, OTHER, OWN, SIBLING

PEOPLE = ("township_secretary", "village_secretary", "supervisor", "discipline_officer")
WATCHED = (
    "/",
    "/rectification/",
    "/rectification/tasks/",
    "/inspections/findings/",
    "/inspections/coverage/",
    "/villages/",
    "/search/?q=5107",
)


def pages(world):
    found = {}
    for person in PEOPLE:
        client = Client()
        client.force_login(world.people[person])
        found |= {(person, url): bare(client.get(url)) for url in WATCHED}
    return found


def bare(response):
    """The page without the token, which changes at every request."""
    assert response.status_code == 200
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", response.content.decode())


def test_the_work_of_the_sibling_and_of_the_other_county_changes_no_byte(world):
    views = prepare(world)
    tell_place(views[OWN], MARKS[OWN])
    before = pages(world)
    assert MARKS[OWN] in before["township_secretary", "/rectification/"]
    for name in (SIBLING, OTHER):
        tell_place(views[name], MARKS[name])
    after = pages(world)
    assert [key for key in before if before[key] != after[key]] == []

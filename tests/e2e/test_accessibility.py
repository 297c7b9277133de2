"""Every main page of every role, at two widths, against the rules of WCAG 2.2 AA and good practice."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.visitors import Visit, Visitor, page_of
from tests.factories import story, story_parts
from tests.factories.world import World

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(900)]  # a hundred pages, each looked at twice
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
WIDTHS = {1440: 900, 390: 844}


def pages_of(place: story.Place) -> dict[str, list[str]]:
    """The main pages, each with one person who has work on it."""
    item = {name: page_of(one) for name, one in place.items.items()}
    return {
        "village_secretary": ["/", "/inbox/", item["in_progress"], f"{item['in_progress']}report/"],
        "township_secretary": [
            *("/", "/rectification/tasks/", "/rectification/", item["assigned"], f"{item['assigned']}accept/"),
            *(item["closed"], f"{item['in_progress']}submit/", f"{item['verification']}extend/"),
        ],
        "supervisor": ["/", f"{item['supervision']}sign/"],
        "county_officer": [
            *("/", "/villages/", place.village.get_absolute_url(), "/villages/classes/", "/inspections/"),
            *("/rectification/", item["verification"], f"{item['verification']}verify/"),
            *(place.feedback_draft.get_absolute_url(), place.plan.get_absolute_url(), "/inspections/plans/"),
            *("/rectification/settings/", "/rectification/reminders/", "/search/?q=村"),
            *("/inspections/duty-list/", "/inspections/duty-list/new/", "/inspections/figures/"),
        ],
        "county_head": [
            f"/rectification/feedback/{place.feedback_draft.pk}/hand-over/",
            f"/rectification/extensions/{place.extension.pk}/",
            "/villages/classes/?t=proposed",
        ],
        "team_leader": [
            *("/", place.running.get_absolute_url(), place.draft.get_absolute_url()),
            *(f"{place.running.get_absolute_url()}{one}/" for one in ("duties", "fieldwork", "talks/new", "gaps")),
            f"{place.draft.get_absolute_url()}cite/",
        ],
        "roster_admin": ["/villages/import/", f"/villages/import/{place.roster.pk}/"],
        "sysadmin": ["/", "/accounts/users/", "/accounts/users/add/"],
        "auditor": ["/", "/accounts/audit/"],
        "city_officer": ["/", "/inspections/coverage/"],
        "leading_group": ["/"],
        "county_discipline": ["/"],
    }


def test_no_main_page_breaks_a_rule(cast: World, visitor: Visit):
    place = story.tell(cast).places[story_parts.OWN]
    axe, faults = Axe(), []
    for name, paths in pages_of(place).items():
        person = visitor().enter(cast.people[name])
        for path in paths:
            assert person.go(path).status == 200, (name, path)
            faults += [(name, path, *fault) for fault in faults_of(axe, person)]
    assert faults == []


def test_pages_before_signing_in_break_no_rule(cast: World, visitor: Visit):
    nobody = visitor()
    axe, faults = Axe(), []
    for path in ("/sign-in/", "/no-such-page/"):
        nobody.go(path)
        faults += [(path, *fault) for fault in faults_of(axe, nobody)]
    assert faults == []


def faults_of(axe: Axe, person: Visitor) -> list[tuple[int, str, str]]:
    """Width, rule and first place of every violation on the page that is open."""
    found = []
    for width, height in WIDTHS.items():
        person.page.set_viewport_size({"width": width, "height": height})
        broken = axe.run(person.page, options=RULES).response["violations"]
        found += [(width, one["id"], one["nodes"][0]["html"][:160]) for one in broken]
    return found

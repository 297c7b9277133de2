"""What township, village and the county's departments can reach is the same, to the byte, before a clue and after (E4).

Every page that they can open is read: from the hand-written list of addresses and by every link on those pages, the
search for each word, each tab, each count, each export. After each single step the listed addresses are read again.
"""

import io
import re
import uuid
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import OrganKind, Post
from inspections import services as inspecting
from rectification import services
from rectification.services.clue_reminders import remind_of_clues
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories import world as casting
from tests.factories.story import tell
from tests.factories.story_parts import OWN
from tests.mianyang_xuncha.oracle import ORACLE
from tests.mianyang_xuncha.oracle_words import PEOPLE

GRASSROOTS = ("township_secretary", "discipline_officer", "village_secretary", "supervisor")
READERS = (*GRASSROOTS, "department_officer", "org_officer")
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
# What differs from one answer to the next by itself: tokens against forgery, the day's minute, marks of a request.
PASSING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|X-CSRFToken&quot;: ?&quot;[^&]*'
    rb'|name="key" value="[^"]*"|\d\d:\d\d(?::\d\d)?'
)
SEARCHES = ("线索", "XS", "移交", "纪委", "底", "已转出", "梨花", "510")
MOST = 400
TOWNSHIP_PAGES = (
    *("?kind=LISTS", "?kind=CLOSING", "?kind=LIGHTS", "/rectification/closing/", "tab=closed", "/search/", "/inbox/"),
    *("/oversight/self-checks/", "/oversight/occasions/", "/oversight/follow-ups/", "/oversight/received/", "/slip/"),
    *("/rectification/feedback/", "/rectification/letters/", "/rectification/party/", "/rectification/progress/"),
)


@pytest.fixture(autouse=True)
def without_contexts(monkeypatch):
    """The walk reads what is sent; Django's client would copy every context of every template besides."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_args, **_told: None)


def addresses(story, person):
    """Where the oracle says that this person may read, at their own place."""
    kind = PEOPLE[person][0]
    place = story.places[OWN]
    for name, row in ORACLE.items():
        if row.get is None or kind not in row.get or kind in row.hidden or kind in row.refused or row.public:
            continue
        if row.only and row.only != person:
            continue
        url = reverse(row.also or name, kwargs=row.kwargs(place) if row.kwargs else {})
        yield f"{url}?{row.query}" if row.query else url
    yield from (f"{reverse('search')}?q={word}" for word in SEARCHES)
    yield from (f"{reverse('rectification:list')}?q={word}&tab=all" for word in SEARCHES)
    yield from (f"{reverse('inspections:findings')}?q={word}" for word in SEARCHES)


def crawl(story, person, *, follow=True):
    """address → (status, content) of everything that this person reaches, by links too if `follow`; files unpacked."""
    client = Client()
    client.force_login(story.world.people[person])
    waiting, seen = list(addresses(story, person)), {}
    while waiting and len(seen) < MOST:
        url = waiting.pop(0)
        if url in seen or url.startswith(("/static/", "/sign-out")):
            continue
        response = client.get(url)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        seen[url] = (response.status_code, _still(content))
        if follow and response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [one.replace("&amp;", "&") for one in LINK.findall(content.decode())]
    return seen


def _still(content):
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [one for one in archive.namelist() if not one.startswith("docProps")]
            return {name: PASSING.sub(b"", archive.read(name)) for name in names}
    return PASSING.sub(b"", content)


def steps(story):
    """A clue out of a confirmed finding, one out of a draft and one by itself, through all that can become of them."""
    place, world = story.places[OWN], story.places[OWN].world
    yield "proposed", (clue := make.clue(world, place.running, finding=place.confirmed, version=None))
    for refused in (
        make.clue(world, place.running, body="狴犴密事在此"),
        make.clue(world, place.running, finding=place.draft, version=None),
    ):
        services.reject_clue(clue=refused, actor=world.county_head, refusal="INCOMPLETE")
    yield "others refused", refused
    clue = services.approve_clue(clue=clue, actor=world.county_head, receiver=world.county_discipline)
    yield "approved", clue
    clue = services.hand_over_clue(clue=clue, actor=world.county_officer)
    services.clue_letter(clue=clue, actor=world.county_officer)
    yield "handed over", clue
    second = world.people["second_discipline"]
    clue = services.reassign_clue(clue=clue, actor=world.county_head, receiver=second)
    clue = services.reassign_clue(clue=clue, actor=world.county_head, receiver=world.county_discipline)
    remind_of_clues(on=clue.answer_due_on)
    yield "reassigned and late", clue
    clue = services.receive_clue(clue=clue, actor=world.county_discipline)
    services.open_clue(clue=make.received_clue(world, place.running, body="x"), actor=world.county_discipline)
    clue = services.answer_clue(clue=clue, actor=world.county_discipline, result="FILED")
    make.case_result(world, clue=clue)
    make.case_result(world, finding=place.finding)
    yield "closed", services.close_clue(clue=clue, actor=world.county_officer)


@pytest.fixture
def story(world, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    seat = (world.county, OrganKind.DISCIPLINE_COMMISSION, Post.OFFICER)
    world.people["second_discipline"] = casting.person("second_discipline", "第二接收人", *seat)
    return tell(world)


@pytest.mark.timeout(600)  # every page of six people, twice
def test_pages_of_township_village_and_departments_are_the_same_before_and_after_a_clue(story):
    before = {person: crawl(story, person) for person in READERS}
    assert all(25 < len(pages) < MOST for pages in before.values()), {who: len(pages) for who, pages in before.items()}
    for words in TOWNSHIP_PAGES:
        assert any(words in url for url in before["township_secretary"]), words
    for step, _clue in steps(story):
        for person in READERS if step == "closed" else READERS[:1]:
            after = crawl(story, person, follow=step == "closed")
            missing = set(before[person]) - set(after) if step == "closed" else set()
            assert (set(after) - set(before[person]), missing) == (set(), set()), (step, person)
            changed = [url for url, answer in after.items() if answer != before[person][url]]
            assert changed == [], (step, person)


def test_the_canary_would_sing(story):
    """A finding that is fed back does change what the township reads."""
    before = crawl(story, "township_secretary", follow=False)
    services.hand_over(feedback=story.places[OWN].feedback_draft, actor=story.world.county_head)
    assert crawl(story, "township_secretary", follow=False) != before


def test_nothing_of_a_clue_answers_to_township_and_village(story):
    """Not even whether a number exists: the same refusal for a clue that is there and one that is not."""
    place = story.places[OWN]
    for person in READERS:
        client = Client()
        client.force_login(story.world.people[person])
        for name in ("clue", "clue_letter", "clue_approve", "clue_answer"):
            there, missing = (
                client.get(reverse(f"rectification:{name}", args=[pk])) for pk in (place.sent_clue.pk, 10**9)
            )
            assert (there.status_code, missing.status_code) == (403, 403), (person, name)


def test_a_finding_referred_first_leaves_the_same_numbers_as_one_never_made(world):
    make.deadlines()
    inspection = build.running_inspection(world)
    gone = build.confirmed_finding(world, inspection, title="转出的一条")
    build.confirmed_finding(world, inspection, title="留下的一条")
    make.clue(world, inspection, finding=gone, key=uuid.uuid4())
    build.leave(world, inspection)
    feedback = inspecting.draft_feedback(inspection=inspection, actor=world.county_officer)
    (item,) = services.hand_over(feedback=feedback, actor=world.county_head)
    assert item.number == item.finding.number == f"{inspection.number}-01"

"""A source's name is found by nobody but the team and the county's office, wherever one looks (D7).

Every address is walked by everybody in `test_matrix`, which looks for the tokens in each answer. Here is what is not an
answer: rows, sessions, the trail, letters, tasks, Redis, files, logs and the statements sent to the database; and the
proof that a leak would be seen.
"""

import io
import json
import logging
import logging.config
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from common import audit, outbox
from common.encryption import Secret
from common.models import AuditEvent, Delivery, Message
from inspections import services
from inspections.models import Conversation, TeamMember
from mianyang_xuncha.celery import app
from rectification import services as rectifying
from tests.factories import world as casting
from tests.factories.story import tell
from tests.factories.story_parts import OWN, SOURCE
from tests.mianyang_xuncha.canary import TOKENS, holds, tables_with_a_token, tells_a_source
from tests.mianyang_xuncha.matrix import REVEALING, cells, failures, may_show_a_source, respond

PEOPLE_WITH_A_LOOK = {"county_officer", "county_head", "team_leader", "spare_member", "team_member"}
PEOPLE_WHO_OPEN_A_CLUE = {"county_head", "team_leader", "spare_member"}  # while it is proposed


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(casting.build())
        transaction.set_rollback(True)


@pytest.fixture
def story(told, db):
    return told


def test_those_who_may_look_do_see_it(story):
    """Else the search for tokens would search for nothing."""
    shown = [cell for cell in cells(REVEALING) if cell.place == OWN and may_show_a_source(cell)]
    people = {row: {cell.person for cell in shown if cell.row == row} for row in REVEALING}
    assert people.pop("rectification:clue_open") == PEOPLE_WHO_OPEN_A_CLUE
    assert all(those == PEOPLE_WITH_A_LOOK for those in people.values())
    for cell in shown:
        client = Client()
        client.force_login(story.world.people[cell.person])
        assert tells_a_source(respond(client, story, cell)), cell


def looks_and_acts(story):
    """Everything that is done with sources, on the pages themselves; what happened stays."""
    here = story.places[OWN]
    member, leader, office = (Client() for _who in range(3))
    member.force_login(here.world.team_member)
    leader.force_login(here.world.team_leader)
    office.force_login(here.world.county_officer)
    pk, talk, visit = here.running.pk, here.talk.pk, here.visit.pk
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    values = SOURCE | {"at": now, "second_inspector": here.world.spare_member.pk}
    talked = values | {"kind": "VETERAN", "place": "FIELD", "key": "8f14e45f-ceea-467a-9575-000000000001"}
    visited = values | {"kind": "FOCUSED", "announced": "", "key": "8f14e45f-ceea-467a-9575-000000000002"}
    sent = [
        member.post(f"/inspections/{pk}/talks/new/", talked),
        member.post(f"/inspections/{pk}/talks/new/", talked),
        member.post(f"/inspections/{pk}/talks/new/", talked | {"notes": f"{SOURCE['notes']}又一"}),
        member.post(f"/inspections/{pk}/visits/new/", visited),
        member.post(f"/inspections/talks/{talk}/edit/", talked | {"version": 1}),
        member.post(f"/inspections/findings/{here.draft.pk}/cite/", {"numbers": ["T-01", "F-01"]}),
        leader.post(f"/inspections/visits/{visit}/void/", {"reason": "MISTAKE"}),
    ]
    looks = [one.post(f"/inspections/talks/{talk}/reveal/") for one in (member, leader, office)]
    return sent, looks


def test_nothing_is_left_of_it_anywhere(story, caplog, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as statements:
        sent, looks = looks_and_acts(story)
    assert [one.status_code for one in sent] == [302, 302, 409, 302, 302, 302, 302]
    assert [one for one in sent if tells_a_source(one)] == []
    assert all(tells_a_source(one) for one in looks)
    letters(story)
    assert tables_with_a_token() == []
    assert not holds(str([one.get_decoded() for one in Session.objects.all()]))
    assert not holds("\n".join(one["sql"] for one in statements.captured_queries))
    assert not holds(caplog.text)
    assert keys_of_redis() == []
    assert files_of(settings.PRIVATE_MEDIA_ROOT) == []
    assert AuditEvent.objects.filter(action="reveal").count() >= 3


@pytest.mark.parametrize("broken", ["sealing", "checking", "saving", "looking"])
def test_a_crash_tells_nothing_of_it(story, caplog, monkeypatch, broken):
    """Neither the page of the error nor the log as it is written, traceback and all."""
    here = story.places[OWN]
    client = Client(raise_request_exception=False)
    client.force_login(here.world.team_member)
    values = SOURCE | {"at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "kind": "VETERAN", "place": "FIELD"}
    values |= {"second_inspector": here.world.spare_member.pk, "key": "8f14e45f-ceea-467a-9575-000000000009"}
    crash = {
        "sealing": (Secret, "of"),
        "checking": (services.fieldwork, "_check_interview"),
        "saving": (Conversation, "save"),
        "looking": (Conversation, "get_kind_display"),
    }[broken]
    caplog.set_level(logging.DEBUG)
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(*crash, broken_off)
        looked = client.post(f"/inspections/talks/{here.talk.pk}/reveal/") if broken == "looking" else None
        answer = looked or client.post(f"/inspections/{here.running.pk}/talks/new/", values)
    assert answer.status_code == 500
    assert not tells_a_source(answer)
    formatter = logging.config.dictConfigClass(settings.LOGGING).configure_formatter(  # as the installation writes it
        dict(settings.LOGGING["formatters"]["json"])
    )
    written = [formatter.format(one) for one in caplog.records]
    assert any("Traceback" in one and "broken off" in one for one in written)
    assert not any(holds(one) for one in written)


def broken_off(*args, **kwargs):
    raise RuntimeError("broken off")


def test_nobody_lets_himself_into_a_team_to_see_one(story):
    """By adding himself, by taking a member's place or by lengthening a grant that has ended."""
    here = story.places[OWN]
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    values = {"post": "LEADER", "starts_on": timezone.localdate().isoformat(), "ends_on": until}
    grants = [one.pk for one in TeamMember.objects.filter(team=here.team)]
    before = set(TeamMember.objects.values_list("team", "user", "post", "ends_on"))
    for name, user in story.world.people.items():
        if name in PEOPLE_WITH_A_LOOK:
            continue
        client = Client(raise_request_exception=False)
        client.force_login(user)
        own = values | {"user": user.pk}
        tries = [client.post(reverse("inspections:member_new", args=[here.team.pk]), own)]
        tries += [client.post(reverse("inspections:member_edit", args=[pk]), own) for pk in grants]
        assert {one.status_code for one in tries} <= {403, 404}, name
        look = client.post(reverse("inspections:talk_reveal", args=[here.talk.pk]))
        assert look.status_code in (403, 404), name
        assert not tells_a_source(look), name
    assert set(TeamMember.objects.values_list("team", "user", "post", "ends_on")) == before


def letters(story):
    """Every letter that would go out now, and the messages that cause it."""
    rectifying.set_reminders(county=story.world.county, on=True, actor=story.world.county_head)
    rectifying.send_reminders(on=story.places[OWN].items["assigned"].deadline)
    assert Message.objects.count() > 3
    for one in Delivery.objects.filter(channel=Delivery.Channel.EMAIL).select_related("message__recipient")[:50]:
        letter = outbox.renderers.get(one.message.kind, outbox.plain)(one)
        assert letter is None or not holds(f"{letter.subject}{letter.text}")
    assert not any(holds(one.message().as_bytes()) for one in mail.outbox)


def keys_of_redis():
    app.send_task("common.tasks.heartbeat")
    server = redis.Redis.from_url(settings.REDIS_URL)
    keys = list(server.scan_iter())
    assert keys, "the task should have left a message"
    return [key for key in keys if holds(key) or holds(server.dump(key) or b"")]


def files_of(folder):
    found = [one for one in Path(folder).rglob("*") if one.is_file()]
    assert found, "the story keeps files"
    return [one for one in found if holds(str(one)) or holds(one.read_bytes())]


# A leak would be seen


def test_a_name_on_a_page_is_seen(story, monkeypatch):
    monkeypatch.setattr(Conversation, "get_kind_display", lambda self: self.person.reveal())
    found = list(failures(story, ["inspections:fieldwork"], ["county_officer"]))
    assert any("shows who was talked to" in one for one in found)


def test_a_secret_that_prints_itself_is_seen(story, monkeypatch):
    monkeypatch.setattr(Secret, "__str__", Secret.reveal)
    services.correct_record(record=story.places[OWN].talk, actor=story.places[OWN].world.team_member, person=TOKENS[0])
    assert tables_with_a_token() == []
    monkeypatch.setattr(Conversation, "confidential", frozenset())
    services.correct_record(record=story.places[OWN].talk, actor=story.places[OWN].world.team_member, person="他人")
    assert tables_with_a_token() == ["common_auditevent"]


def test_a_name_in_the_trail_is_seen(story):
    audit.record("note", story.places[OWN].running, actor=story.world.county_officer, note=f"与{TOKENS[0]}谈过")
    assert tables_with_a_token() == ["common_auditevent"]


def test_a_name_inside_a_workbook_is_seen():
    book, file = Workbook(), io.BytesIO()
    book.worksheets[0].append([TOKENS[0]])
    book.save(file)
    assert holds(file.getvalue())


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_seen_in_every_spelling(token):
    assert all(holds(one) for one in (token, json.dumps({"a": token}), quote(token), ascii(token)))
    assert not holds("獬豸")

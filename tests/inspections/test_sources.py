"""Who spoke: ciphertext in the database, seen by team and office alone, every look on record before it (D7)."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from common import audit
from common.encryption import Secret
from common.models import AuditEvent
from inspections import services
from inspections.enums import TeamPost
from inspections.models import Conversation, TeamMember
from tests.factories import inspections as build

TOKENS = {"person": "秘名甲乙丙", "contact": "13900007777", "notes": "秘语丁戊己"}
SEES = {"county_officer", "county_head", "team_leader", "spare_member", "team_member"}


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


@pytest.fixture
def talk(world, inspection):
    return build.conversation(world, inspection, **TOKENS)


def reveal(talk):
    return reverse("inspections:talk_reveal", args=[talk.pk])


def column(talk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, contact, notes FROM inspections_conversation WHERE id = %s", [talk.pk])
        return cursor.fetchone()


def test_the_database_holds_ciphertext_only(talk):
    assert all(one.startswith("gAAAA") for one in column(talk))
    assert not any(token in "".join(column(talk)) for token in TOKENS.values())


def test_the_database_refuses_plain_text(talk):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_conversation SET person = 'x' WHERE id = %s", [talk.pk])


def test_nobody_can_search_for_a_name(talk):
    for lookup in ("person", "person__contains", "notes__icontains"):
        with pytest.raises((FieldError, TypeError, ValueError)):
            list(Conversation.objects.filter(**{lookup: TOKENS["person"]}))


def test_who_may_look_and_nobody_else(world, talk):
    allowed = set()
    for name, user in world.people.items():
        try:
            services.reveal_source(record=talk, actor=user)
            allowed.add(name)
        except PermissionDenied:
            pass
    assert allowed == SEES


def test_an_ended_grant_ends_the_looking(world, talk):
    member = TeamMember.objects.get(user=world.team_member)
    services.end_membership(member=member, actor=world.county_officer)
    with pytest.raises(PermissionDenied):
        services.reveal_source(record=talk, actor=build.fresh(world.team_member))


def test_an_officer_who_comes_from_there_may_not_look(world, talk, signed_in):
    build.User.objects.filter(pk=world.county_officer.pk).update(native_township=world.township)
    client = signed_in(build.fresh(world.county_officer))
    assert client.post(reveal(talk)).status_code == 403
    page = client.get(reverse("inspections:fieldwork", args=[talk.inspection_id])).content.decode()
    assert "老教师" not in page


def test_every_look_is_on_record_without_what_was_seen(world, talk, signed_in):
    client = signed_in(world.county_officer)
    for _look in range(2):
        assert TOKENS["person"] in client.post(reveal(talk)).content.decode()
    events = AuditEvent.objects.filter(action="reveal", object_id=str(talk.pk))
    assert [one.actor for one in events] == [world.county_officer] * 2
    assert {one.object_text for one in events} == {str(talk)}
    assert str(talk).endswith(" T-01")


def test_without_a_record_of_the_look_there_is_nothing_to_see(world, talk, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("away")

    monkeypatch.setattr(audit, "record", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.county_officer)
    response = client.post(reveal(talk))
    assert response.status_code == 500
    assert not any(token in response.content.decode() for token in TOKENS.values())


def test_looking_is_a_post_that_nothing_keeps(world, talk, signed_in):
    client = signed_in(world.team_member)
    assert client.get(reveal(talk)).status_code == 405
    assert client.post(reveal(talk))["Cache-Control"] == "no-store, private"


def test_the_register_shows_no_name(world, talk, signed_in):
    for name in SEES:
        page = signed_in(world.people[name]).get(talk.get_absolute_url().partition("#")[0]).content.decode()
        assert "T-01" in page
        assert not any(token in page for token in TOKENS.values())


def test_the_leading_group_and_the_roster_see_no_talk_at_all(world, talk, signed_in):
    build.mobilisation(world, talk.inspection)
    for name in ("leading_group", "roster_admin"):
        page = signed_in(world.people[name]).get(talk.get_absolute_url().partition("#")[0]).content.decode()
        assert "场镇十字口" in page
        assert "T-01" not in page
        assert "六必谈" not in page
        assert "六必谈" not in signed_in(world.people[name]).get(talk.inspection.get_absolute_url()).content.decode()


def test_the_roster_administrator_puts_nobody_on_a_team_to_read_them(world, talk):
    with pytest.raises(PermissionDenied):
        services.add_member(
            team=talk.inspection.team, user=world.roster_admin, post=TeamPost.MEMBER, actor=world.roster_admin
        )
    assert not world.roster_admin.memberships.exists()


def test_the_trail_tells_what_changed_and_not_into_what(world, talk):
    services.correct_record(record=talk, actor=world.team_member, person="秘名庚", kind="VETERAN")
    event = AuditEvent.objects.get(action="edit")
    assert event.changes == {"person": ["••••", "••••"], "kind": ["••••", "••••"]}


def test_a_page_that_breaks_tells_nothing(world, inspection, monkeypatch, caplog):
    def broken(**values):
        raise RuntimeError("away")

    monkeypatch.setattr("inspections.services.fieldwork.audit.record", lambda *args, **kwargs: broken())
    client = Client(raise_request_exception=False)
    client.force_login(world.team_member)
    values = {"key": "8f14e45f-ceea-467a-9575-000000000001", "kind": "VETERAN", "place": "FIELD"}
    values |= {"at": "2099-01-01T08:00", "second_inspector": world.spare_member.pk} | TOKENS
    url = reverse("inspections:talk_new", args=[inspection.pk])
    values["at"] = build.timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    response = client.post(url, values)
    assert response.status_code == 500
    told = response.content.decode() + caplog.text
    assert not any(token in told for token in TOKENS.values())


def test_a_lost_key_is_said_and_breaks_nothing(world, talk, signed_in, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    page = signed_in(world.team_member).post(reveal(talk), follow=True)
    assert "现有密钥解不开" in page.content.decode()


# another key


def test_rotation_rewrites_every_row_and_then_the_old_key_can_go(world, talk, settings):
    old, new = settings.FIELD_ENCRYPTION_KEYS, Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    with pytest.raises(SystemExit):
        call_command("rotate_field_keys", "--check")
    call_command("rotate_field_keys")
    call_command("rotate_field_keys", "--check")
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert Conversation.objects.get().person.reveal() == TOKENS["person"]


def test_rotation_reaches_what_is_void_and_says_which_key_is_missing(world, talk, settings):
    services.void_record(record=talk, actor=world.team_leader, reason="MISTAKE")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="解不开"):
        call_command("rotate_field_keys")


def test_rotation_prints_no_content(world, talk, settings, capsys):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_field_keys")
    told = capsys.readouterr().out
    assert "谈话 姓名：改用新密钥 1 行" in told
    assert not any(token in told for token in TOKENS.values())


def test_a_dump_of_fixtures_writes_ciphertext(talk, capsys):
    call_command("dumpdata", "inspections.conversation")
    told = capsys.readouterr().out
    assert "gAAAA" in told
    assert not any(token in told for token in TOKENS.values())


def test_a_secret_without_text_is_empty(world, inspection):
    talk = build.conversation(world, inspection, person="", contact="", notes="")
    assert column(talk) == ("", "", "")
    assert talk.person == Secret("")

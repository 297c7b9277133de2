"""问题线索: an envelope for one named person, approved by another, without a trace at township or village (E4)."""

import hashlib
import io
import re
import uuid
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import OrganKind, Post
from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from inspections import services as inspecting
from rectification import services
from rectification.enums import ClueRefusal, ClueResult, ClueStatus
from rectification.models import Clue
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.world import person

S = ClueStatus
SAID = "某某涉嫌套取补贴，详见附件"


@pytest.fixture
def inspection(world):
    make.deadlines()
    return build.running_inspection(world)


@pytest.fixture
def clue(world, inspection):
    return make.clue(world, inspection, body=SAID)


@pytest.fixture
def sent(world, inspection):
    return make.sent_clue(world, inspection, body=SAID)


def column(clue, name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM rectification_clue WHERE id = %s", [clue.pk])
        return cursor.fetchone()[0]


def sees(user, action="view"):
    return list(policy.visible(build.fresh(user), Clue.objects.all(), action))


# The way of a clue


def test_a_clue_goes_from_the_team_to_a_named_person_and_its_result_comes_back(world, inspection):
    clue = make.closed_clue(world, inspection)
    assert (clue.status, clue.result, clue.receiver) == (S.CLOSED, ClueResult.DEALT, world.county_discipline)
    assert [one.action for one in audit.history(clue)][::-1] == [
        "propose_clue",
        "approve",
        "hand_over",
        "receive",
        "answer",
        "close",
    ]


def test_numbers_are_a_series_of_the_county_of_their_own(world, inspection):
    first, second = make.clue(world, inspection), make.clue(world, inspection)
    head = first.number.removesuffix("001")
    assert (first.number, second.number) == (f"{head}001", f"{head}002")
    assert inspection.number not in first.number


def test_a_form_sent_twice_makes_one_clue(world, inspection):
    key = uuid.uuid4()
    assert make.clue(world, inspection, key=key) == make.clue(world, inspection, key=key)
    assert Clue.objects.count() == 1


def test_whoever_proposes_does_not_approve(world, inspection):
    """Also when the head of the office leads the team."""
    clue = make.clue(world, inspection)
    head = world.county_head
    clue.proposed_by = head
    assert "本人提出" in policy.allows(head, "approve", clue).reason


def test_the_database_refuses_an_approver_who_proposed(world, clue):
    with pytest.raises(DatabaseError), transaction.atomic():
        Clue.objects.filter(pk=clue.pk).update(approved_by=clue.proposed_by)


def test_only_a_person_of_the_county_s_discipline_commission_is_named(world, clue):
    for wrong in (world.org_officer, world.discipline_officer, world.county_officer):
        with pytest.raises(ValidationError, match="纪委监委"):
            services.approve_clue(clue=clue, actor=world.county_head, receiver=wrong)
    with pytest.raises(ValidationError, match="接收人"):
        services.approve_clue(clue=clue, actor=world.county_head, receiver=None)


def test_an_envelope_needs_paper_or_sealed_text(world, inspection):
    with pytest.raises(ValidationError, match="封签号"):
        make.clue(world, inspection, seal_number="", body="")
    with pytest.raises(ValidationError, match="一起填写"):
        make.clue(world, inspection, seal_number="密封 1", pages=None, body="x")


def test_terms_are_the_county_s(world, inspection, sent):
    due = services.deadlines_for(county=world.county, kinds=["CLUE_HANDOVER", "CLUE_ANSWER"], start=today())
    assert (sent.handover_due_on, sent.answer_due_on) == (due["CLUE_HANDOVER"], due["CLUE_ANSWER"])


def test_every_step_is_taken_by_its_person_alone(world, inspection, let_through):
    def step(move, clue, **fields):
        call = getattr(services, move)
        return let_through(lambda user: _undone(call, clue=clue, actor=build.fresh(user), **fields))

    proposed = make.clue(world, inspection)
    assert step("approve_clue", proposed, receiver=world.county_discipline) == {"county_head"}
    assert step("reject_clue", proposed, refusal=ClueRefusal.ORDINARY) == {"county_head"}
    approved = services.approve_clue(clue=proposed, actor=world.county_head, receiver=world.county_discipline)
    assert step("hand_over_clue", approved) == {"county_head", "county_officer"}
    handed = services.hand_over_clue(clue=approved, actor=world.county_officer)
    assert step("receive_clue", handed) == {"county_discipline"}
    received = services.receive_clue(clue=handed, actor=world.county_discipline)
    assert step("answer_clue", received, result=ClueResult.KEPT) == {"county_discipline"}
    answered = services.answer_clue(clue=received, actor=world.county_discipline, result=ClueResult.KEPT)
    assert step("close_clue", answered) == {"county_head", "county_officer"}


def _undone(call, **fields):
    with transaction.atomic():
        call(**fields)
        transaction.set_rollback(True)


def test_no_step_is_taken_twice(world, sent):
    with pytest.raises(Conflict):
        services.hand_over_clue(clue=sent, actor=world.county_officer)
    received = services.receive_clue(clue=sent, actor=world.county_discipline)
    with pytest.raises(Conflict):
        services.receive_clue(clue=received, actor=world.county_discipline)


def test_another_receiver_signs_anew(world, sent):
    received = services.receive_clue(clue=sent, actor=world.county_discipline)
    other = person("disc2", "县纪委干部二", world.county, OrganKind.DISCIPLINE_COMMISSION, Post.OFFICER)
    moved = services.reassign_clue(clue=received, actor=world.county_head, receiver=other)
    assert (moved.status, moved.received_at) == (S.HANDED_OVER, None)
    assert (sees(world.county_discipline), sees(other)) == ([], [moved])


# Who sees it


def test_who_sees_a_clue_before_and_after_the_handover(world, inspection):
    clue = make.clue(world, inspection)
    before = {name for name, user in world.people.items() if _sees(user)}
    assert before == {"county_head", "county_officer", "leading_group", "team_leader", "spare_member"}
    services.approve_clue(clue=clue, actor=world.county_head, receiver=world.county_discipline)
    services.hand_over_clue(clue=Clue.objects.get(), actor=world.county_officer)
    after = {name for name, user in world.people.items() if _sees(user)}
    assert after == {"county_head", "county_officer", "leading_group", "county_discipline"}


def _sees(user):
    try:
        return bool(sees(user))
    except policy.UnknownPermission:
        return False


def test_who_opens_it_and_when(world, clue):
    def openers():
        return {name for name, user in world.people.items() if _opens(Clue.objects.get(pk=clue.pk), user)}

    assert openers() == {"county_head", "team_leader", "spare_member"}
    services.approve_clue(clue=clue, actor=world.county_head, receiver=world.county_discipline)
    services.hand_over_clue(clue=Clue.objects.get(), actor=world.county_officer)
    assert openers() == set()
    services.receive_clue(clue=Clue.objects.get(), actor=world.county_discipline)
    assert openers() == {"county_discipline"}
    services.answer_clue(clue=Clue.objects.get(), actor=world.county_discipline, result=ClueResult.FILED)
    services.close_clue(clue=Clue.objects.get(), actor=world.county_officer)
    assert openers() == set()


def _opens(clue, user):
    try:
        return services.open_clue(clue=clue, actor=build.fresh(user)) == SAID
    except PermissionDenied:
        return False


def test_the_recused_neither_propose_nor_approve(world, clue):
    world.county_head.native_township = world.township
    world.county_head.save()
    assert "回避" in policy.allows(build.fresh(world.county_head), "approve", clue).reason


@pytest.mark.parametrize("name", ["county_head", "team_leader"])
def test_whoever_declared_to_keep_away_opens_no_clue_of_there(world, clue, name):
    user = world.people[name]
    assert _opens(clue, user)
    inspecting.declare_recusal(
        user=user, township=clue.inspection.township, kind="RELATIVE", declared_on=today(), actor=world.county_officer
    )
    assert not _opens(clue, user)
    assert "回避" in policy.allows(build.fresh(user), "open", clue).reason
    assert _opens(clue, world.spare_member)


def test_every_look_is_on_record(world, clue, signed_in):
    client = signed_in(world.county_head)
    client.get(reverse("rectification:clues"))
    client.get(reverse("rectification:clue", args=[clue.pk]))
    client.post(reverse("rectification:clue_open", args=[clue.pk]))
    client.get(reverse("rectification:clue_letter", args=[clue.pk]))
    looks = AuditEvent.objects.filter(object_type="rectification.Clue", actor=world.county_head, result="OK")
    assert list(looks.order_by("pk").values_list("action", flat=True)) == ["look_at_clue", "look_at_clue", "open_clue"]


def test_nothing_is_shown_when_the_look_cannot_be_recorded(world, clue, monkeypatch):
    def fails(*_args, **_more):
        raise DatabaseError("full")

    monkeypatch.setattr(audit, "record", fails)
    monkeypatch.setattr(type(clue.body), "reveal", lambda self: pytest.fail("revealed without a record"))
    with pytest.raises(DatabaseError):
        services.open_clue(clue=clue, actor=world.county_head)


# What lies in the database


def test_the_body_is_ciphertext_and_the_seal_is_no_hash_of_it_alone(clue):
    assert column(clue, "body").startswith("gAAAA")
    assert clue.seal != hashlib.sha256(SAID.encode()).hexdigest()


def test_a_body_that_was_exchanged_does_not_fit_its_seal(world, clue):
    other = make.clue(world, clue.inspection, body="别的内容")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rectification_clue SET body = %s WHERE id = %s", [other.body.token, clue.pk])
    with pytest.raises(Conflict, match="封签不符"):
        services.open_clue(clue=Clue.objects.get(pk=clue.pk), actor=world.county_head)


@pytest.mark.parametrize(
    "change", ["seal = 'x'", "number = 'X'", "seal_number = 'x', pages = 2", "receiver_id = proposed_by_id"]
)
def test_the_database_keeps_the_envelope_as_it_was_sealed(sent, change):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rectification_clue SET {change} WHERE id = %s", [sent.pk])


def test_the_database_lets_nobody_sign_for_the_receiver(world, sent):
    audit.record("receive", sent, actor=world.county_officer, source=S.HANDED_OVER, target=S.RECEIVED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rectification_clue SET status = 'RECEIVED' WHERE id = %s", [sent.pk])


def test_notices_bear_the_number_alone(world, inspection):
    clue = make.closed_clue(world, inspection, body=SAID)
    told = Message.objects.filter(key__startswith="clue:")
    assert told.count() >= 5
    for one in told:
        assert clue.number in one.title
        assert not any(word in f"{one.title}{one.body}" for word in (SAID, world.village.division.name, "青义"))
    assert not told.filter(deliveries__isnull=False).exists()
    offices = {"INSPECTION_OFFICE", "DISCIPLINE_COMMISSION", "INSPECTION_TEAM"}
    assert {one.recipient.organ.kind for one in told.select_related("recipient__organ")} <= offices


# Pages


def test_the_head_approves_and_the_receiver_answers_in_the_browser(world, inspection, client):
    clue = make.clue(world, inspection, body=SAID)

    def act(user, name, data=None):
        client.force_login(user)
        version = Clue.objects.get(pk=clue.pk).version
        url = reverse(f"rectification:{name}", args=[clue.pk])
        return client.post(url, {"version": version, "confirmed": "1"} | (data or {}))

    assert act(world.county_head, "clue_approve", {"receiver": world.county_officer.pk}).status_code == 422
    assert act(world.county_head, "clue_approve", {"receiver": world.county_discipline.pk}).status_code == 302
    assert act(world.county_officer, "clue_hand_over").status_code == 302
    assert act(world.county_discipline, "clue_receive").status_code == 302
    assert SAID in act(world.county_discipline, "clue_open").content.decode()
    assert act(world.county_discipline, "clue_answer", {"result": "FILED"}).status_code == 302
    assert act(world.county_officer, "clue_close").status_code == 302
    assert Clue.objects.get().status == S.CLOSED


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_statements_for_more_rows(
    world, inspection, signed_in, django_assert_num_queries, number
):
    for _n in range(number):
        make.clue(world, inspection)
    client = signed_in(world.county_head)
    client.get(reverse("rectification:clues"))
    with django_assert_num_queries(8):
        client.get(reverse("rectification:clues"))


def test_the_city_counts_in_multiples(world, inspection, signed_in):
    make.clue(world, inspection)
    told = signed_in(world.city_officer).get(reverse("rectification:clue_figures")).content.decode()
    assert "少于 5" in told


def test_the_letter_bears_the_day_of_the_county_not_of_greenwich(world, sent):
    sent.handed_over_at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    _name, content = services.clue_letter(clue=sent, actor=world.county_officer)
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "2026年3月2日" in re.sub("<[^>]*>", "", text)


def test_the_letter_tells_nothing_of_the_matter(world, sent, signed_in):
    response = signed_in(world.county_officer).get(reverse("rectification:clue_letter", args=[sent.pk]))
    text = zipfile.ZipFile(io.BytesIO(response.content)).read("word/document.xml").decode()
    assert sent.number in text
    assert not any(word in text for word in (SAID, "龙门", "青义"))

"""What is written down in a village: by whom, when, once; and what of the six and four is missing (D3–D6, H4)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent
from inspections import services
from inspections.enums import FOUR_VISITS, SIX_TALKS, RecordStatus, Stage
from inspections.models import Conversation, FieldworkGap, Inspection, InspectionFile, Mobilisation
from inspections.selectors.fieldwork import progress
from tests.factories import inspections as build
from tests.factories import rectification as make

RECORDS = {
    "talk": (build.conversation, "T-01"),
    "visit": (build.visit, "F-01"),
    "mobilisation": (build.mobilisation, "D-01"),
    "document": (build.document, "Z-01"),
}
EACH = pytest.mark.parametrize("name", RECORDS)


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


@EACH
def test_a_record_gets_the_next_number_of_its_inspection(world, inspection, name):
    record, number = RECORDS[name]
    assert record(world, inspection).number == number
    assert record(world, inspection).number == number.replace("1", "2")


@EACH
def test_only_the_team_records(world, inspection, name):
    record = RECORDS[name][0]
    for person in ("county_officer", "leading_group", "township_secretary", "other_county_officer", "city_officer"):
        stranger = type(world)(**{**world.__dict__, "people": world.people | {"team_member": world.people[person]}})
        with pytest.raises(PermissionDenied):
            record(stranger, inspection)


@EACH
def test_the_same_key_with_the_same_content_is_the_same_record(world, inspection, name):
    record, values = RECORDS[name][0], {"key": uuid.uuid4(), "at": timezone.now()}
    first = twice(world, inspection, name, **values)
    assert twice(world, inspection, name, **values) == first
    assert type(first).objects.count() == 1
    assert AuditEvent.objects.filter(action="record", object_type=first._meta.label).count() == 1
    assert record(world, inspection) != first


def twice(world, inspection, name, *, key, at, **changes):
    pair = {"second_inspector": world.spare_member}
    calls = {
        "talk": (services.record_conversation, pair | {"kind": "VETERAN", "place": "FIELD", "person": "赵演示"}),
        "visit": (services.record_visit, pair | {"kind": "FOCUSED", "announced": True, "notes": "墙面裂缝"}),
        "mobilisation": (services.record_mobilisation, {"channel": "POSTER", "place": "路口"}),
        "document": (services.record_document, {"kind": "MINUTES", "title": "会议记录"}),
    }
    call, values = calls[name]
    return call(inspection=inspection, actor=world.team_member, key=key, at=at, **values | changes)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("talk", {"person": "钱演示"}),
        ("talk", {"kind": "GENTRY"}),
        ("visit", {"notes": "墙面没有裂缝"}),
        ("mobilisation", {"reach": 5}),
        ("document", {"title": "账簿"}),
    ],
)
def test_the_same_key_with_other_content_is_a_conflict(world, inspection, name, change):
    values = {"key": uuid.uuid4(), "at": timezone.now()}
    twice(world, inspection, name, **values)
    with pytest.raises(Conflict):
        twice(world, inspection, name, **values, **change)


def test_a_key_of_somebody_else_is_a_conflict_that_tells_nothing(world, inspection):
    first = build.conversation(world, inspection)
    with pytest.raises(Conflict) as refused:
        services.record_conversation(
            inspection=inspection, actor=world.team_leader, key=first.key, at=first.at, kind=first.kind,
            place=first.place, second_inspector=world.spare_member,
        )  # fmt: skip
    assert "T-01" not in str(refused.value)


def test_talks_and_visits_wait_for_the_entering_and_telling_people_does_not(world):
    inspection = build.arranged_inspection(world)
    assert build.mobilisation(world, inspection)
    assert build.document(world, inspection)
    for record in (build.conversation, build.visit):
        with pytest.raises(Conflict, match="进驻之后"):
            record(world, inspection)


def test_what_was_written_in_the_village_may_arrive_after_leaving_until_the_feedback(world):
    feedback = build.feedback_draft(world)
    inspection = Inspection.objects.get(pk=feedback.inspection_id)
    assert build.conversation(world, inspection)
    services.issue_feedback(
        feedback=feedback, actor=world.county_head, on=today(), deadline=today(), plan_due_on=None, document_number=""
    )
    with pytest.raises(Conflict, match="反馈意见已经签发"):
        build.conversation(world, inspection)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"second_inspector": "team_member"}, "second_inspector"),
        ({"second_inspector": "county_officer"}, "second_inspector"),
        ({"at": timedelta(hours=1)}, "at"),
        ({"at": -timedelta(days=3)}, "at"),
        ({"kind": "MAYOR"}, "kind"),
        ({"place": ""}, "place"),
    ],
)
def test_nonsense_is_refused_at_its_field(world, inspection, change, field):
    if "second_inspector" in change:
        change = {"second_inspector": world.people[change["second_inspector"]]}
    if "at" in change:
        change = {"at": timezone.now() + change["at"]}
    with pytest.raises(ValidationError) as refused:
        build.conversation(world, inspection, **change)
    assert set(refused.value.error_dict) == {field}


def test_a_photo_and_a_copy_are_kept(world, inspection):
    told = build.mobilisation(world, inspection, attachments=[make.photo("摆摊.jpg")])
    read = build.document(world, inspection, attachments=[make.photo("账页.jpg")])
    assert (told.files.get().name, read.files.get().name) == ("摆摊.jpg", "账页.jpg")


def test_a_file_that_is_refused_leaves_nothing(world, inspection):
    with pytest.raises(ValidationError):
        build.document(world, inspection, attachments=[make.photo("账页.exe")])
    assert not InspectionFile.objects.exists()


def test_what_is_recorded_can_be_corrected(world, inspection):
    talk = build.conversation(world, inspection)
    corrected = services.correct_record(
        record=talk, actor=world.team_leader, version=talk.version, kind="OLD_CADRE", person="", notes="改写的要点"
    )
    assert (corrected.kind, corrected.person.reveal(), corrected.notes.reveal()) == (
        "OLD_CADRE",
        "李演示",
        "改写的要点",
    )


def test_a_correction_of_an_old_version_is_a_conflict(world, inspection):
    told = build.mobilisation(world, inspection)
    services.correct_record(record=told, actor=world.team_member, version=told.version, place="市场口")
    with pytest.raises(Conflict):
        services.correct_record(record=told, actor=world.team_member, version=told.version, place="路口")


def test_a_correction_obeys_the_same_rules(world, inspection):
    talk = build.conversation(world, inspection)
    with pytest.raises(ValidationError):
        services.correct_record(record=talk, actor=world.team_member, second_inspector=world.team_member)
    with pytest.raises(ValidationError):
        services.correct_record(record=talk, actor=world.team_member, at=timezone.now() + timedelta(days=1))


def test_voiding_is_the_leaders_with_a_reason_of_the_list(world, inspection):
    talk = build.conversation(world, inspection)
    with pytest.raises(PermissionDenied):
        services.void_record(record=talk, actor=world.team_member, reason="DUPLICATE")
    with pytest.raises(ValidationError):
        services.void_record(record=talk, actor=world.team_leader, reason="张三要求撤回")
    assert services.void_record(record=talk, actor=world.team_leader, reason="MISTAKE").status == RecordStatus.VOID
    with pytest.raises(Conflict):
        services.void_record(record=talk, actor=world.team_leader, reason="MISTAKE")
    assert Conversation.objects.count() == 1


def test_rows_are_never_deleted(world, inspection):
    talk = build.conversation(world, inspection)
    with pytest.raises(DatabaseError), transaction.atomic():
        talk.delete()


# the six and the four


def done(inspection):
    found = progress(inspection)
    return found.talks.done, found.visits.done


def test_each_kind_counts_once(world, inspection):
    for kind in ("OLD_TEACHER", "OLD_TEACHER", "VETERAN", "VILLAGER"):
        build.conversation(world, inspection, kind=kind)
    build.visit(world, inspection)
    assert done(inspection) == (2, 1)
    assert [one.count for one in progress(inspection).talks.needs if one.count] == [2, 1]


def test_what_is_void_does_not_count(world, inspection):
    services.void_record(record=build.visit(world, inspection), actor=world.team_leader, reason="MISTAKE")
    assert done(inspection) == (0, 0)


def test_nobody_of_the_kind_is_an_answer_that_everybody_on_the_team_may_give(world, inspection):
    explain(world, inspection, "team_member", ["VETERAN"], "NONE_SUCH")
    assert done(inspection) == (1, 0)


def test_not_done_is_the_leaders_to_explain_and_counts_as_told_only(world, inspection):
    with pytest.raises(PermissionDenied):
        explain(world, inspection, "team_member", ["VETERAN"], "NOT_DONE")
    explain(world, inspection, "team_leader", ["VETERAN", "FOLLOW_UP"], "NOT_DONE")
    assert done(inspection) == (0, 0)
    assert len(progress(inspection).missing) == 8


def explain(world, inspection, name, kinds, answer, reason="汛期道路中断"):
    return services.explain_gaps(
        inspection=inspection, actor=world.people[name], kinds=kinds, answer=answer, reason=reason
    )


@pytest.mark.parametrize(
    ("kinds", "answer", "reason"),
    [
        ([], "NOT_DONE", "汛期"),
        (["MAYOR"], "NOT_DONE", "汛期"),
        (["VETERAN"], "MAYBE", "汛期"),
        (["VETERAN"], "NOT_DONE", " "),
        (["FOLLOW_UP"], "NONE_SUCH", "没有要追访的"),
    ],
)
def test_nonsense_explains_nothing(world, inspection, kinds, answer, reason):
    with pytest.raises(ValidationError):
        explain(world, inspection, "team_leader", kinds, answer, reason)
    assert not FieldworkGap.objects.exists()


def test_a_second_answer_takes_the_place_of_the_first_and_leaves_its_trace(world, inspection):
    explain(world, inspection, "team_leader", ["VETERAN"], "NOT_DONE")
    explain(world, inspection, "team_member", ["VETERAN"], "NONE_SUCH")
    assert FieldworkGap.objects.get().answer == "NONE_SUCH"
    assert AuditEvent.objects.filter(action="explain_gap").count() == 2


def test_the_team_does_not_leave_while_one_is_missing_without_a_word(world, inspection):
    build.finish_duties(world, inspection)
    build.explain_gaps(world, inspection, but=("OLD_TEACHER", "HOUSEHOLD"))
    with pytest.raises(ValidationError, match="还缺 2 项：老教师、入户走访"):
        services.leave_inspection(inspection=inspection, actor=world.team_leader)
    build.conversation(world, inspection)
    build.visit(world, inspection)
    assert services.leave_inspection(inspection=inspection, actor=world.team_leader).status == Stage.AFTER


def test_all_six_and_four_done_need_no_word(world, inspection):
    for kind in SIX_TALKS:
        build.conversation(world, inspection, kind=kind)
    for kind in FOUR_VISITS:
        build.visit(world, inspection, kind=kind)
    assert services.leave_inspection(inspection=inspection, actor=world.team_leader).status == Stage.AFTER


def test_a_direct_post_is_refused_like_the_button(world, inspection, signed_in):
    client = signed_in(world.team_leader)
    assert "六必谈、四必访还缺 10 项" in client.get(inspection.get_absolute_url()).content.decode()
    page = client.post(f"/inspections/{inspection.pk}/leave/", {"confirmed": "1"}, follow=True).content.decode()
    assert "六必谈、四必访还缺 10 项" in page
    assert Inspection.objects.get().status == Stage.DURING


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_key_at_once_make_one_record(transactional_db):
    """The second waits for the first at the inspection's row, and then finds the record there."""
    import threading

    from tests.factories import world as place

    world = place.build()
    inspection = build.running_inspection(world)
    values = {"key": uuid.uuid4(), "at": timezone.now()}
    found: list[object] = []

    def send():
        try:
            found.append(twice(world, inspection, "mobilisation", **values).pk)
        except Conflict:
            found.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert Mobilisation.objects.count() == 1
    assert set(found) <= {Mobilisation.objects.get().pk, "conflict"}
    assert len(found) == 4

"""协作 with discipline: results of cases for whom clues are, lessons for whom they are sent to (E10)."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from rectification import services
from rectification.models import CaseResult, LessonReceipt
from tests.factories import inspections as build
from tests.factories import rectification as make


@pytest.fixture
def clue(world):
    make.deadlines()
    return make.received_clue(world, build.running_inspection(world))


@pytest.fixture
def lesson(world):
    return make.lesson(world)


@pytest.fixture
def issued(world):
    return make.issued_lesson(world, with_villages=True)


def test_the_receiver_records_what_came_of_a_clue(world, clue):
    case = make.case_result(world, clue=clue)
    assert (case.county, case.clue, case.recorded_by) == (world.county, clue, world.county_discipline)


def test_a_finding_that_was_fed_back_can_be_linked(world, assigned):
    assert make.case_result(world, finding=assigned.finding).finding == assigned.finding


def test_a_finding_before_feedback_cannot(world):
    finding = build.confirmed_finding(world, build.running_inspection(world))
    with pytest.raises(PermissionDenied, match="已经反馈"):
        make.case_result(world, finding=finding)


def test_nobody_but_the_receiver_records_of_a_clue(world, clue, let_through):
    given = {"outcome": "NONE", "people": 0, "concluded_on": today(), "clue": clue}
    passed = let_through(lambda user: services.record_case(actor=user, key=uuid.uuid4(), **given))
    assert passed == {"county_discipline"}


def test_the_database_lets_nobody_else_record(world, clue):
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseResult.objects.create(
            county=world.county,
            key=uuid.uuid4(),
            clue=clue,
            outcome="NONE",
            people=0,
            concluded_on=today(),
            recorded_by=world.county_head,
        )


def test_a_case_is_of_one_thing(world, clue):
    with pytest.raises(ValidationError, match="一条线索或者一个问题"):
        make.case_result(world)


def test_a_form_sent_twice_is_one_result(world, clue):
    first = make.case_result(world, clue=clue)
    assert make.case_result(world, clue=clue, key=first.key) == first


def test_it_is_seen_by_whom_clues_are(world, clue, client):
    make.case_result(world, clue=clue, document_number="纪函 77 号")
    seen = set()
    for name, user in world.people.items():
        client.force_login(user)
        if "纪函 77 号" in client.get("/rectification/cases/").content.decode():
            seen.add(name)
    assert seen == {"county_officer", "county_head", "leading_group", "county_discipline"}


def test_every_look_at_the_list_is_on_record(world, clue, signed_in):
    signed_in(world.county_officer).get("/rectification/cases/")
    assert AuditEvent.objects.filter(action="look_at_clue", object_type="rectification.CaseResult").exists()


@pytest.mark.parametrize("name", ["clue", "finding"])
def test_a_result_is_recorded_in_the_browser(world, request, client, name):
    about = request.getfixturevalue("clue") if name == "clue" else make.assigned_items(world)[0].finding
    client.force_login(world.county_discipline)
    url = reverse(f"rectification:case_of_{name}", args=[about.pk])
    key = client.get(url).context["form"]["key"].value()
    assert client.post(url, {"key": key}).status_code == 422
    sent = {"outcome": "ORGANISED", "people": 2, "concluded_on": today(), "key": key}
    answer = client.post(url, sent)
    assert "组织处理" in client.get(answer.url).content.decode()
    assert CaseResult.objects.count() == 1


def test_a_lesson_goes_to_the_chosen_units(world, issued):
    kinds = sorted(issued.receipts.values_list("organ__kind", "organ__division__name"))
    assert kinds == [("PARTY_COMMITTEE", "青义镇"), ("VILLAGE_PARTY", "方水村"), ("VILLAGE_PARTY", "龙门村")]
    assert Message.objects.filter(key=f"lesson:{issued.pk}", recipient=world.village_secretary).exists()
    assert issued.number == f"涪巡办通〔{today().year}〕1号"


def test_whoever_drafts_does_not_issue(world):
    own = make.lesson(world, actor=world.county_head)
    with pytest.raises(PermissionDenied, match="另一位负责人"):
        services.issue_lesson(lesson=own, actor=world.county_head, townships=[world.township], with_villages=False)


def test_only_the_head_issues(world, lesson, let_through):
    def issue(user):
        with transaction.atomic():
            services.issue_lesson(lesson=lesson, actor=user, townships=[world.township], with_villages=False)
            transaction.set_rollback(True)

    assert let_through(issue) == {"county_head"}


def test_it_does_not_leave_the_county(world, lesson):
    with pytest.raises(PermissionDenied, match="本县"):
        services.issue_lesson(
            lesson=lesson, actor=world.county_head, townships=[world.other_township], with_villages=False
        )


def test_what_was_issued_stays(world, issued):
    with pytest.raises(Conflict):
        services.save_lesson(actor=world.county_officer, county=world.county, title="x", text="y", lesson=issued)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(issued).objects.filter(pk=issued.pk).update(text="x")


def test_a_unit_signs_once_and_it_stays(world, issued):
    receipt = issued.receipts.get(organ=world.township_secretary.organ)
    services.sign_read(receipt=receipt, actor=world.township_officer)
    services.sign_read(receipt=receipt, actor=world.township_secretary)
    receipt.refresh_from_db()
    assert receipt.read_by == world.township_officer
    with pytest.raises(DatabaseError), transaction.atomic():
        LessonReceipt.objects.filter(pk=receipt.pk).update(read_at=None, read_by=None)


def test_nobody_signs_for_another_unit(world, issued, let_through):
    receipt = issued.receipts.get(organ=world.village_secretary.organ)
    passed = let_through(lambda user: services.sign_read(receipt=receipt, actor=user))
    assert {world.people[name].organ for name in passed} == {world.village_secretary.organ}


def test_it_is_written_issued_and_read_in_the_browser(world, client):
    client.force_login(world.county_discipline)
    text = "一、教训\n账目不公开。"
    lesson = client.post("/rectification/lessons/new/", {"title": "通报一则", "text": text}, follow=True).context[
        "lesson"
    ]
    client.force_login(world.county_head)
    issue = reverse("rectification:lesson_issue", args=[lesson.pk])
    assert client.post(issue, {"version": lesson.version}).status_code == 422
    client.post(issue, {"version": lesson.version, "townships": [world.township.pk]})
    assert "未签阅" in client.get(lesson.get_absolute_url()).content.decode()
    assert client.get(reverse("rectification:lesson_file", args=[lesson.pk])).content[:2] == b"PK"
    client.force_login(world.township_secretary)
    assert "通报一则" in client.get("/").content.decode()
    receipt = lesson.receipts.get()
    url = reverse("rectification:lesson_read", args=[receipt.pk])
    assert "账目不公开" in client.get(url).content.decode()
    receipt.refresh_from_db()
    assert receipt.read_at is None
    client.post(url)
    client.force_login(world.county_officer)
    assert "未签阅" not in client.get(lesson.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["lessons", "cases"])
def test_the_lists_cost_the_same_for_more_rows(world, clue, signed_in, django_assert_max_num_queries, path, count):
    for _time in range(count):
        make.lesson(world)
        make.case_result(world, clue=clue)
    client = signed_in(world.county_officer)
    client.get(f"/rectification/{path}/")
    with django_assert_max_num_queries(11):
        client.get(f"/rectification/{path}/")


def test_the_receipts_cost_the_same_for_more_rows(world, signed_in, django_assert_max_num_queries):
    for _time in range(3):
        make.issued_lesson(world)
    client = signed_in(world.township_secretary)
    client.get("/rectification/lessons/received/")
    with django_assert_max_num_queries(9):
        client.get("/rectification/lessons/received/")


def test_a_result_and_a_receipt_stay_within_their_statements(world, clue, issued, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        make.case_result(world, clue=clue)
    receipt = issued.receipts.get(organ=world.township_secretary.organ)
    with django_assert_max_num_queries(12):
        services.sign_read(receipt=receipt, actor=world.township_secretary)


@pytest.mark.parametrize("townships", [1, 2])
def test_issuing_costs_the_same_for_more_units(world, lesson, django_assert_max_num_queries, townships):
    places = [world.township, world.sibling_township][:townships]
    with django_assert_max_num_queries(12):
        services.issue_lesson(lesson=lesson, actor=world.county_head, townships=places, with_villages=townships > 1)


def test_whoever_issues_reads_on_the_same_page_what_it_says(world, lesson, signed_in):
    shown = signed_in(world.county_head).get(reverse("rectification:lesson_issue", args=[lesson.pk])).content.decode()
    assert lesson.title in shown
    assert lesson.text.splitlines()[0] in shown

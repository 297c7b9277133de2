"""未巡先改: who is asked, answers item by item, the township's word, reminders, what inspection finds later (F2)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import OrganKind, Post
from common.calendar import today
from common.errors import Conflict
from common.models import Delivery, Message
from inspections import services as inspecting
from inspections.models import ChecklistItem, Inspection
from oversight import services
from oversight.enums import Measure
from oversight.models import Assessment, SelfCheck, SelfCheckReminder
from oversight.selectors import self_checks as read
from oversight.selectors.measures import HOW
from rectification import services as rectifying
from tests.factories import inspections as build
from tests.factories import oversight as make
from tests.factories import rectification as rectify
from tests.factories.inspections import fresh
from tests.factories.world import person

DUE = 10


@pytest.fixture
def notice(world):
    return issued(world)


def issued(world, **fields):
    build.checklist()
    values = {"title": "对照共性问题自查", "text": "先改起来。", "due_on": today() + timedelta(days=DUE)}
    values |= {"items": list(ChecklistItem.objects.order_by("code"))}
    return services.issue_notice(
        county=world.county, term=build.term(world), actor=world.county_officer, **values | fields
    )


def check_of(notice, village):
    return SelfCheck.objects.select_related("notice", "village").get(notice=notice, village=village)


def answered(check, actor, *answers, **more):
    given = {one.pk: row for one, row in zip(check.notice.items.all(), answers or [("NONE", "")] * 2, strict=True)}
    return services.answer_check(check=check, answers=given, actor=actor, **more)


def confirmed(world, check, *answers):
    return services.confirm_check(
        check=answered(check, world.village_secretary, *answers), actor=world.township_secretary
    )


def test_every_village_of_the_county_that_was_not_inspected_is_asked(world, notice):
    names = {one.village.division.name for one in notice.checks.all()}
    assert names == {"龙门村", "方水村", "二社村"}


def test_a_village_that_is_being_inspected_or_was_is_not_asked(world):
    inspection = build.running_inspection(world)
    assert world.village not in read.not_inspected(world.county, inspection.round.plan.term)
    assert world.second_village in read.not_inspected(world.county, inspection.round.plan.term)


def test_village_and_township_are_told_by_the_outbox_too(world, notice, settings):
    told = Message.objects.filter(key=f"self-check:{notice.pk}")
    assert {one.recipient for one in told} == {
        world.village_secretary,
        world.other_village_secretary,
        world.township_secretary,
        world.township_officer,
        world.sibling_township_secretary,
    }
    assert Delivery.objects.filter(message__in=told).count() == told.count()


@pytest.mark.parametrize(
    ("fields", "at"), [({"due_on": today()}, "due_on"), ({"items": []}, "items")], ids=["no time", "no item"]
)
def test_a_notice_needs_time_and_items(world, fields, at):
    with pytest.raises(ValidationError) as refused:
        issued(world, **fields)
    assert at in refused.value.message_dict


def test_the_office_of_the_county_alone_issues_it(world):
    build.checklist()
    for name in ("leading_group", "city_officer", "other_county_officer", "township_secretary", "roster_admin"):
        with pytest.raises(PermissionDenied):
            services.issue_notice(
                county=world.county,
                term=build.term(world),
                title="自查",
                text="先改",
                due_on=today() + timedelta(days=5),
                items=list(ChecklistItem.objects.all()),
                actor=world.people[name],
            )


def test_every_item_is_answered_and_what_there_is_says_what_is_done(world, notice):
    check = check_of(notice, world.village)
    with pytest.raises(ValidationError) as refused:
        answered(check, world.village_secretary, ("HAS", " "), ("", ""))
    first, second = (one.pk for one in notice.items.all())
    assert set(refused.value.message_dict) == {f"note_{first}", f"answer_{second}"}
    done = answered(check, world.village_secretary, ("FIXED", "已补公示"), ("NONE", ""))
    assert (done.status, done.is_proxy) == ("ANSWERED", False)
    assert [one.answer for one in done.answers.order_by("item__code")] == ["FIXED", "NONE"]


def test_the_village_answers_anew_until_the_township_confirms(world, notice):
    check = check_of(notice, world.village)
    answered(check, world.village_secretary)
    again = answered(check_of(notice, world.village), world.village_secretary, ("HAS", "月底前改"), ("NONE", ""))
    assert again.answers.count() == 2
    services.confirm_check(check=again, actor=world.township_secretary)
    with pytest.raises(Conflict):
        answered(check_of(notice, world.village), world.village_secretary)


def test_the_township_may_answer_for_the_village_but_another_confirms(world, notice):
    done = answered(check_of(notice, world.village), world.township_officer)
    assert done.is_proxy
    with pytest.raises(PermissionDenied, match="由您本人填报"):
        services.confirm_check(check=done, actor=world.township_officer)
    assert services.confirm_check(check=done, actor=world.township_secretary).status == "CONFIRMED"


def test_others_neither_answer_nor_confirm(world, notice):
    check = check_of(notice, world.village)
    for name in ("other_village_secretary", "sibling_township_secretary", "supervisor", "county_officer"):
        with pytest.raises(PermissionDenied):
            answered(check, world.people[name])
    done = answered(check, world.village_secretary)
    for name in ("village_secretary", "sibling_township_secretary", "county_head"):
        with pytest.raises(PermissionDenied):
            services.confirm_check(check=done, actor=world.people[name])


def test_what_is_sent_back_is_answered_again(world, notice):
    done = answered(check_of(notice, world.village), world.village_secretary)
    back = services.send_back_check(check=done, actor=world.township_secretary, note="与实际不符")
    assert back.status == "OPEN"
    assert Message.objects.filter(recipient=world.village_secretary, title__contains="已退回").exists()


def test_a_village_and_a_township_see_their_own_checks_alone(world, notice):
    def seen(name):
        return {one.village.division.name for one in read.checks(world.people[name])}

    assert seen("village_secretary") == {"龙门村"}
    assert seen("township_secretary") == {"龙门村", "方水村"}
    assert seen("county_officer") == {"龙门村", "方水村", "二社村"}
    assert seen("other_county_officer") == set()


# Reminders


def test_reminders_are_written_once_however_often_they_run(world, notice):
    before = Message.objects.count()
    day = notice.due_on - timedelta(days=3)
    assert services.remind_self_checks(on=day) == 3
    sent = Message.objects.count() - before
    assert sent == 5
    assert services.remind_self_checks(on=day) == 0
    assert Message.objects.count() - before == sent
    assert SelfCheckReminder.objects.count() == 3


def test_who_has_answered_is_not_reminded_but_the_township_is_until_it_confirms(world, notice):
    answered(check_of(notice, world.village), world.village_secretary)
    services.remind_self_checks(on=notice.due_on)
    key = f"self-check:{notice.pk}:0"
    told = set(Message.objects.filter(key=key).values_list("recipient", flat=True))
    assert world.village_secretary.pk not in told
    assert {world.other_village_secretary.pk, world.township_secretary.pk} <= told


def test_nobody_is_reminded_of_what_is_confirmed_or_on_another_day(world, notice):
    for village, who in (
        (world.village, world.village_secretary),
        (world.second_village, world.other_village_secretary),
    ):
        services.confirm_check(check=answered(check_of(notice, village), who), actor=world.township_secretary)
    assert services.remind_self_checks(on=notice.due_on) == 1
    assert services.remind_self_checks(on=notice.due_on - timedelta(days=2)) == 0


# The later inspection


@pytest.fixture
def uncovered(world, notice):
    """The village answered 无 to both; the inspection found the first, and its feedback is issued."""
    check = confirmed(world, check_of(notice, world.village))
    rectify.assigned_items(world, findings=1)
    return check


def test_answers_stand_beside_what_was_found_later(world, uncovered, signed_in):
    rows = read.compared(fresh(world.county_officer), uncovered)
    assert [(row.answer.answer, row.untrue, row.inspected) for row in rows] == [
        ("NONE", True, True),
        ("NONE", False, True),
    ]
    assert rows[0].findings[0].title == "惠民补贴发放没有公示"
    page = signed_in(fresh(world.village_secretary)).get(uncovered.get_absolute_url()).content.decode()
    assert (page.count("没有发现"), "还没有反馈" in page, "1 项答复不实" in page) == (1, False, True)


TESTED = (  # by the place of the check: confirmed answers 无 that an inspection tested, and the untrue ones
    "SELECT c.{place}, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM inspections_finding f"
    " JOIN inspections_checklistitem i ON i.id = f.checklist_item_id"
    " JOIN inspections_inspection n ON n.id = f.inspection_id WHERE f.status = 'FED_BACK'"
    " AND f.village_id = c.village_id AND i.code = q.code AND n.entered_on >= o.issued_on))"
    " FROM oversight_selfcheckanswer a JOIN oversight_selfcheckitem q ON q.id = a.item_id"
    " JOIN oversight_selfcheck c ON c.id = a.check_of_id JOIN oversight_selfchecknotice o ON o.id = c.notice_id"
    " WHERE a.answer = 'NONE' AND c.status = 'CONFIRMED' AND EXISTS (SELECT 1 FROM inspections_inspection n"
    " JOIN inspections_feedback b ON b.inspection_id = n.id WHERE n.village_id = c.village_id"
    " AND n.entered_on >= o.issued_on AND b.status = 'ISSUED') GROUP BY 1"
)


def recounted(place):
    with connection.cursor() as cursor:
        cursor.execute(TESTED.format(place=place))
        return {pk: (tested, untrue) for pk, tested, untrue in cursor.fetchall()}


@pytest.fixture
def told(world, notice):
    """One township denied both and had the first; the other owned up to the first; both have been given feedback."""
    sibling = world.sibling_village
    officer = person("sibling_officer", "邻镇干部", sibling.township, OrganKind.PARTY_COMMITTEE, Post.OFFICER)
    checked = answered(
        check_of(notice, sibling), world.sibling_township_secretary, ("FIXED", "名单补公示七天"), ("NONE", "")
    )
    services.confirm_check(check=checked, actor=officer)
    confirmed(world, check_of(notice, world.village))
    untested = answered(check_of(notice, world.second_village), world.people["other_village_secretary"])
    services.confirm_check(check=untested, actor=world.township_secretary)
    round = build.opened_round(world, [build.classed(world, one) for one in (world.village, sibling)])
    team = build.staffed_team(world, round)
    for inspection in list(round.inspections.select_related("village__division")):
        inspecting.assign_team(inspection=inspection, team=team, actor=world.county_officer)
    build.reload_people(world)
    for inspection in list(round.inspections.select_related("village__division")):
        feedback = rectify.drafted_feedback(world, 1, inspection=build.enter(world, inspection))
        rectifying.hand_over(feedback=feedback, actor=world.county_head)
    return notice


def test_the_truthfulness_of_answers_is_recounted(world, told):
    """For the office by township, for an assessment by county; what was not inspected or owned up to counts nothing."""
    rows = read.untrue_by_township(fresh(world.county_officer), told)
    township, sibling = world.township.pk, world.sibling_township.pk
    assert {row.township_id: (row.tested, row.untrue) for row in rows} == recounted("township_id")
    assert recounted("township_id") == {township: (2, 1), sibling: (1, 0)}
    assessment = Assessment(year=today().year, place=world.city)
    found = HOW[Measure.TRUTHFUL].find(fresh(world.city_officer), assessment)
    assert {pk: (one.whole, one.whole - one.part) for pk, one in found.items()} == recounted("county_id")
    assert recounted("county_id") == {world.county.pk: (3, 1)}


def test_the_share_of_untrue_answers_is_told_by_township(world, notice, uncovered):
    rows = read.untrue_by_township(fresh(world.county_officer), notice)
    assert [(row.name, row.untrue, row.tested, row.share) for row in rows] == [("青义镇", 1, 2, 50.0)]
    assert recounted("township_id") == {world.township.pk: (2, 1)}


def test_before_the_feedback_village_and_township_learn_nothing_of_it(world, notice, signed_in):
    check = confirmed(world, check_of(notice, world.village))
    inspection = build.running_inspection(world)
    build.confirmed_finding(world, inspection)
    for name in ("village_secretary", "township_secretary"):
        assert not any(row.untrue for row in read.compared(fresh(world.people[name]), check))
        page = signed_in(fresh(world.people[name])).get(check.get_absolute_url()).content.decode()
        assert ("没有发现" in page, page.count("还没有反馈")) == (False, 2)
    assert any(row.untrue for row in read.compared(fresh(world.county_officer), check))
    assert read.untrue_by_township(fresh(world.county_officer), notice) == []


def test_the_team_reads_the_answers_of_the_villages_it_inspects(world, notice, signed_in):
    confirmed(world, check_of(notice, world.village))
    assert Inspection.objects.count() == 0
    build.running_inspection(world)
    team = fresh(world.team_member)
    assert [one.village for one in read.checks(team)] == [world.village]
    page = signed_in(team).get(check_of(notice, world.village).get_absolute_url())
    assert "自查答复与巡察发现" in page.content.decode()


def test_the_page_of_the_office_shows_progress_and_untrue_answers(world, notice, uncovered, signed_in):
    page = signed_in(fresh(world.county_officer)).get(notice.get_absolute_url())
    assert page.context["totals"] == {"total": 3, "answered": 1, "confirmed": 1, "late": 0}
    assert "50.0%" in page.content.decode()


def figures_of(client, url):
    """(address, figure) of each figure of the notice that opens rows."""
    found = re.findall(r'<a[^>]*href="(\?[^"]*)#h-checks">(\d+)</a>', client.get(url).content.decode())
    return [(url + unescape(query), int(n)) for query, n in found]


def test_each_figure_of_a_notice_opens_its_rows(world, signed_in):
    build.checklist()
    build.term(world)
    villages = [world.village, world.second_village, world.sibling_village]
    days = {"issued_on": today() - timedelta(days=9), "due_on": today() - timedelta(days=1)}
    notice = make.notice(world, villages, **days)
    confirmed(world, check_of(notice, world.village), ("NONE", ""))
    answered(check_of(notice, world.second_village), world.other_village_secretary, ("NONE", ""))
    client, url = signed_in(world.county_officer), notice.get_absolute_url()
    found = figures_of(client, url)
    assert sorted(n for _url, n in found) == sorted([2, 2, 1, 1, 1, 1, 3, 2, 1, 2])
    assert [client.get(one).context["page"].count for one, _n in found] == [n for _url, n in found]


def test_untrue_answers_open_the_villages_that_gave_them(world, notice, uncovered, signed_in):
    client, url = signed_in(fresh(world.county_officer)), notice.get_absolute_url()
    for state, told in (("untrue", 1), ("tested", 2)):
        (asked,) = [(one, n) for one, n in figures_of(client, url) if f"t={state}" in one]
        assert asked[1] == told
        assert [one.village for one in client.get(asked[0]).context["page"].rows] == [world.village]


def test_the_desks_tell_what_waits(world, notice, signed_in):
    assert "自查：对照共性问题自查" in signed_in(world.village_secretary).get("/").content.decode()
    answered(check_of(notice, world.village), world.village_secretary)
    assert "1 个村的自查待确认" in signed_in(world.township_secretary).get("/").content.decode()


def test_a_village_answers_on_its_page(world, notice, signed_in):
    check, client = check_of(notice, world.village), signed_in(world.village_secretary)
    url = reverse("oversight:answer", args=[check.pk])
    first, second = (one.pk for one in notice.items.all())
    form = {"version": check.version, f"answer_{first}": "HAS", f"answer_{second}": "NONE"}
    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "请写明打算怎样改" in refused.content.decode()
    assert client.post(url, form | {f"note_{first}": "月底前补公示"}).status_code == 302
    assert check_of(notice, world.village).status == "ANSWERED"
    services.confirm_check(check=check_of(notice, world.village), actor=world.township_secretary)
    closed = client.get(url)
    assert (closed.status_code, "不能再“填报自查”" in closed.content.decode()) == (409, True)


# The database refuses as well


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE oversight_selfcheck SET status = 'OPEN', confirmed_by_id = NULL, confirmed_on = NULL",
        "UPDATE oversight_selfcheckanswer SET answer = 'HAS', note = 'x'",
        "DELETE FROM oversight_selfcheckanswer",
        "DELETE FROM oversight_selfcheck",
        "UPDATE oversight_selfcheckitem SET text = 'x'",
        "UPDATE oversight_selfchecknotice SET due_on = due_on + 1",
    ],
)
def test_sql_cannot_change_what_was_confirmed(world, notice, statement):
    confirmed(world, check_of(notice, world.village))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

"""指导督导, 约谈, 听取研究 and what follows from them: who may do what, and that it stays (G2, G5, G6, A4)."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organ
from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Message
from mianyang_xuncha.workbench.facts import Facts
from mianyang_xuncha.workbench.todo import todo
from oversight import services
from oversight.models import FollowUp, Occasion, TalkRule
from oversight.selectors.duty_board import duty_board
from oversight.selectors.occasions import proposals
from rectification.selectors import Ledger, lights_table
from tests.factories import inspections as i
from tests.factories import occasions as make
from tests.factories import rectification as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(world):
    return make.talk(world)


@pytest.fixture
def signed_in():
    """A session of its own for each person."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_an_occasion_is_arranged_held_and_then_stays(world):
    planned = make.talk(world, held=False)
    with pytest.raises(ValidationError, match="参加人员"):
        services.hold_occasion(occasion=planned, actor=world.county_officer, day=today(), people=" ", record="说了")
    with pytest.raises(ValidationError, match="晚于今天"):
        services.hold_occasion(
            occasion=planned, actor=world.county_officer, day=today() + timedelta(days=1), **make.HELD
        )
    held = services.hold_occasion(occasion=planned, actor=world.county_officer, day=today(), **make.HELD)
    assert (held.status, held.record) == ("HELD", make.HELD["record"])
    with pytest.raises(Conflict):
        services.drop_occasion(occasion=held, actor=world.county_head, note="不开了")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE oversight_occasion SET record = '改' WHERE id = %s", [held.pk])


def test_a_status_does_not_move_by_sql(world):
    planned = make.talk(world, held=False)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE oversight_occasion SET status = 'DROPPED' WHERE id = %s", [planned.pk])


@pytest.mark.parametrize(
    ("who", "kind", "refused"),
    [
        ("county_head", "TALK", None),
        ("county_officer", "TALK", "主要负责人"),
        ("county_officer", "HEARING", None),
        ("county_officer", "APPRAISAL", None),
        ("county_officer", "GUIDANCE_VISIT", "不由本级"),
        ("city_officer", "GUIDANCE_VISIT", None),
        ("city_officer", "TALK", "主要负责人"),
        ("city_officer", "HEARING", "不由本级"),
        ("roster_admin", "HEARING", "不能办理"),
        ("leading_group", "HEARING", "不能办理"),
        ("other_county_officer", "HEARING", "不能办理"),
    ],
)
def test_who_arranges_what(world, who, kind, refused):
    def arrange():
        township = world.township if kind == "TALK" and who != "city_officer" else None
        return services.arrange_occasion(
            kind=kind, county=world.county, township=township, title="事", day=today(), actor=world.people[who]
        )

    if refused is None:
        assert arrange().kind == kind
    else:
        with pytest.raises(PermissionDenied, match=refused):
            arrange()
        assert not Occasion.objects.exists()


def test_a_county_talks_with_a_township_of_its_own(world):
    with pytest.raises(ValidationError, match="不在本县"):
        services.arrange_occasion(
            kind="TALK",
            county=world.county,
            township=world.other_township,
            title="约谈",
            day=today(),
            actor=world.county_head,
        )


def test_what_follows_goes_to_an_organ_comes_back_and_is_settled(world, held):
    row = make.follow_up(world, held)
    asked = Message.objects.get(path=row.get_absolute_url(), recipient=world.township_secretary)
    assert row.text in asked.title
    with pytest.raises(PermissionDenied):
        services.answer_follow_up(follow_up=row, actor=world.sibling_township_secretary, answer="办了")
    row = services.answer_follow_up(follow_up=row, actor=world.township_secretary, answer="方案已报")
    assert Message.objects.filter(path=row.get_absolute_url(), recipient=world.county_officer).exists()
    row = services.send_back_follow_up(follow_up=row, actor=world.county_officer, note="没有写时间")
    assert row.status == "OPEN"
    row = services.answer_follow_up(follow_up=row, actor=world.township_officer, answer="方案已报，月底完成")
    row = services.confirm_follow_up(follow_up=row, actor=world.county_head)
    assert row.status == "DONE"
    trail = AuditEvent.objects.filter(object_type="oversight.FollowUp").order_by("pk").values_list("action", flat=True)
    assert list(trail) == ["add_follow_up", "answer", "send_back", "answer", "confirm"]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE oversight_followup SET answer = '改' WHERE id = %s", [row.pk])


def test_nobody_settles_what_he_answered(world):
    visit = make.talk(world)
    office = Organ.objects.get(division=world.county, kind="INSPECTION_OFFICE")
    row = services.add_follow_up(occasion=visit, text="每周调度", organ=office, due=today(), actor=world.county_head)
    row = services.answer_follow_up(follow_up=row, actor=world.county_officer, answer="已调度")
    with pytest.raises(PermissionDenied, match="由他人确认"):
        services.confirm_follow_up(follow_up=row, actor=world.county_officer)
    assert services.confirm_follow_up(follow_up=row, actor=world.county_head).status == "DONE"


def test_only_after_it_was_held_and_only_organs_of_the_county_are_asked(world):
    planned = make.talk(world, held=False)
    with pytest.raises(PermissionDenied, match="先记录情况"):
        make.follow_up(world, planned)
    visit = make.visit(world)
    with pytest.raises(PermissionDenied):
        make.follow_up(world, visit)  # the county's head, about a visit of the city's
    committee = Organ.objects.get(division=world.township, kind="PARTY_COMMITTEE")
    with pytest.raises(ValidationError, match="不能由本级交办"):
        services.add_follow_up(occasion=visit, text="改", organ=committee, due=today(), actor=world.city_officer)


def test_a_talk_is_proposed_by_the_rule_and_a_person_decides(world):
    TalkRule.objects.create(place=world.county, overdue_days=10, overdue_items=2)
    one, two = r.assigned_items(world)
    r.dated(world, one, deadline=today() - timedelta(days=11))
    r.dated(world, two, deadline=today() - timedelta(days=9))
    assert proposals(world.county_head) == []
    r.dated(world, two, deadline=today() - timedelta(days=12))
    (found,) = proposals(world.county_head)
    assert found.place == world.township
    assert "2 件" in found.reason
    assert "10 天" in found.reason
    client = Client()
    client.force_login(world.county_head)
    assert client.get(found.url).context["page"]["count"] == 2
    assert proposals(world.other_county_head) == []
    planned = make.talk(world, held=False)
    assert proposals(world.county_head) == []
    services.drop_occasion(occasion=planned, actor=world.county_head, note="已经电话督促")
    assert proposals(world.county_head) == []  # decided against: not at once again


def test_no_talk_is_proposed_with_a_township_of_a_county_whose_team_one_joined(world):
    TalkRule.objects.create(place=world.other_county, overdue_days=10, overdue_items=1)
    (item,) = r.assigned_items(world, findings=1)
    r.dated(world, item, deadline=today() - timedelta(days=20))
    item.inspection.team.members.create(
        user=world.other_county_head, starts_on=today(), ends_on=today() + timedelta(days=9)
    )
    head = i.fresh(world.other_county_head)
    assert Ledger(head).rows().exists()
    assert proposals(head) == []
    assert lights_table(head) == Facts(head).late == []
    client = Client()
    client.force_login(head)
    links = re.findall(r'href="(/rectification/\?[^"]*tab=(?:overdue|open)[^"]*)"', client.get("/").content.decode())
    assert len(links) > 1
    assert {client.get(unescape(one)).context["page"]["count"] for one in links} == {0}


def test_the_rule_is_the_heads_and_on_record(world):
    with pytest.raises(PermissionDenied):
        services.set_talk_rule(actor=world.county_officer, behind=5, overdue_days=7, overdue_items=1)
    services.set_talk_rule(actor=world.county_head, behind=5, overdue_days=7, overdue_items=1)
    event = AuditEvent.objects.get(action="edit_talk_rule")
    assert event.changes["overdue_days"] == [30, 7]


def test_the_city_is_told_of_a_county_that_lags(world):
    i.term(world).targets.update_or_create(year=today().year, defaults={"percent": 60})
    places = {one.place: one.reason for one in proposals(world.city_officer)}
    assert "低于今年目标 60%" in places[world.county]


def test_six_duties_each_with_what_it_rests_on(world):
    (mine,) = duty_board(world.county_head)
    assert [one.name for one in mine.duties] == [
        "统筹规划",
        "年度推进",
        "组织实施",
        "听取研究",
        "工作报备",
        "激励考核",
    ]
    before = {one.name: one for one in mine.duties}
    assert before["听取研究"].light == "red"
    services.arrange_occasion(
        kind="HEARING", county=world.county, title="听取汇报", day=today(), actor=world.county_officer, **make.HELD
    )
    (mine,) = duty_board(world.county_head)
    after = {one.name: one for one in mine.duties}
    assert after["听取研究"].light == "green"
    assert "1 次" in after["听取研究"].evidence
    assert after["激励考核"] == before["激励考核"]
    assert len(duty_board(world.city_officer)) > 1


def test_the_city_counts_inspections_that_it_does_not_open(world):
    i.running_inspection(world)
    mine = {one.name: one for one in duty_board(world.county_head)[0].duties}["组织实施"]
    of_city = {one.place: one.duties for one in duty_board(world.city_officer)}
    seen = {one.name: one for one in of_city[world.county]}["组织实施"]
    assert "已进驻 1 个村" in mine.evidence
    assert (seen.evidence, seen.light) == (mine.evidence, mine.light)
    assert (bool(mine.url), bool(seen.url)) == (True, False)


def test_what_the_duty_board_rests_on_opens_for_its_county(world, signed_in):
    own, other = (
        services.arrange_occasion(kind="HEARING", county=county, title="听取汇报", day=today(), actor=actor)
        for county, actor in ((world.county, world.county_officer), (world.other_county, world.other_county_officer))
    )
    url = next(one for one in duty_board(world.city_officer) if one.place == world.county).duties[3].url
    client = signed_in(world.city_officer)
    assert set(client.get(url.partition("&")[0]).context["page"].rows) == {own, other}
    page = client.get(url)
    assert page.context["page"].rows == [own]
    assert f"活动记录 · {world.county.name}" in page.content.decode()


def test_the_desk_says_what_waits(world, held):
    row = make.follow_up(world, held)
    later = make.follow_up(world, held, days=14)
    (told,) = (one for one in todo(Facts(world.township_secretary)) if one["kind"] == "督办")
    assert (told["title"], told["days"]) == ("2 项后续事项等本单位落实", (row.due - today()).days)
    services.answer_follow_up(follow_up=later, actor=world.township_secretary, answer="办了")
    assert Facts(world.township_secretary).counts["to_answer"] == 1
    client = Client()
    client.force_login(world.township_secretary)
    assert "1 项后续事项等本单位落实" in client.get("/").content.decode()
    assert Facts(world.sibling_township_secretary).counts["to_answer"] == 0
    services.answer_follow_up(follow_up=row, actor=world.township_secretary, answer="办了")
    assert Facts(world.township_secretary).counts["to_answer"] == 0
    assert Facts(world.county_officer).counts["to_settle"] == 2


def test_done_on_the_pages_from_proposal_to_settlement(world, signed_in):
    TalkRule.objects.create(place=world.county, overdue_days=10, overdue_items=1)
    r.dated(world, r.assigned_items(world)[0], deadline=today() - timedelta(days=11))
    head = signed_in(world.county_head)
    page = head.get(reverse("oversight:proposals")).content.decode()
    assert world.township.name in page
    made = head.post(
        reverse("oversight:occasion_new"),
        {
            "kind": "TALK",
            "township": world.township.pk,
            "title": "约谈",
            "reason": "超期",
            "day": today(),
            "key": uuid4(),
        },
    )
    occasion = Occasion.objects.get()
    assert (made.status_code, made.url) == (302, occasion.get_absolute_url())
    assert signed_in(world.township_secretary).get(occasion.get_absolute_url()).status_code == 404
    refused = head.post(reverse("oversight:occasion_hold", args=[occasion.pk]), {"day": today(), "people": "某"})
    assert refused.status_code == 422
    head.post(reverse("oversight:occasion_hold", args=[occasion.pk]), {"day": today(), **make.HELD})
    committee = Organ.objects.get(division=world.township, kind="PARTY_COMMITTEE")
    asked = {"text": "月底前完成", "organ": committee.pk, "due": today() + timedelta(days=9), "key": uuid4()}
    head.post(reverse("oversight:follow_up_new", args=[occasion.pk]), asked)
    row = FollowUp.objects.get()
    township = signed_in(world.township_secretary)
    assert "月底前完成" in township.get(reverse("oversight:follow_ups")).content.decode()
    assert "月底前完成" in township.get(occasion.get_absolute_url()).content.decode()
    township.post(reverse("oversight:follow_up_answer", args=[row.pk]), {"answer": "已完成"})
    signed_in(world.county_officer).post(
        reverse("oversight:follow_up_confirm", args=[row.pk]), {"confirmed": "1", "version": 2}
    )
    row.refresh_from_db()
    assert row.status == "DONE"
    for client, url in ((head, "occasion_hold"), (township, "follow_up_answer")):
        late = client.get(reverse(f"oversight:{url}", args=[occasion.pk if client is head else row.pk]))
        assert (late.status_code, "不能再" in late.content.decode()) == (409, True)
    assert "全部办结" in head.get(reverse("oversight:occasions")).content.decode()


@pytest.mark.parametrize("name", ["occasions", "follow_ups", "duties"])
def test_lists_take_as_many_statements_at_three_rows_as_at_one(world, signed_in, name, django_assert_max_num_queries):
    client = signed_in(world.county_head)
    client.get(reverse(f"oversight:{name}"))
    counts = []
    for n in range(2):
        make.follow_up(world, make.talk(world, title=f"约谈{n}"))
        with django_assert_max_num_queries(25) as queries:
            client.get(reverse(f"oversight:{name}"))
        counts.append(len(queries))
        make.follow_up(world, make.talk(world, title=f"再次约谈{n}"))
    assert counts[0] == counts[1]

"""责任清单 of an inspection: made from the county's list, done by whom it falls to, and a gate of each stage (A5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent
from inspections import services
from inspections.enums import DutyStatus, Stage
from inspections.models import Duty, DutyTemplate, Inspection, InspectionFile
from tests.factories import inspections as build
from tests.factories import rectification as make

S = DutyStatus


@pytest.fixture
def inspection(world):
    """In the village, with the duties of the small default list."""
    build.duty_list()
    return build.running_inspection(world)


def duty(inspection, title="发动群众"):
    return Duty.objects.with_due().get(inspection=inspection, template__title=title)


def titles(inspection):
    return set(inspection.duties.fitting().values_list("template__title", flat=True))


def test_an_inspection_is_made_with_the_duties_of_the_list(world):
    build.duty_list()
    inspection = build.arranged_inspection(world)
    assert titles(inspection) == {"核对组员回避情况", "发动群众", "组内会商研判", "形成巡察报告"}


def test_the_mode_decides_which_duties_fit(world):
    DutyTemplate.objects.create(
        duty_list=build.duty_list(), order=9, stage="DURING", title="逐户抽查", who="TEAM", anchor="LEAVE", days=0,
        modes=["SPECIAL"],
    )  # fmt: skip
    inspection = build.arranged_inspection(world)
    assert "逐户抽查" not in titles(inspection)
    services.arrange(
        inspection=inspection, actor=world.county_officer, mode="SPECIAL", mode_reason="专项", theme="三资"
    )
    assert "逐户抽查" in titles(inspection)


def test_an_inspection_from_before_there_was_a_list_gets_its_duties_when_it_is_arranged(world):
    inspection = build.arranged_inspection(world)
    build.duty_list()
    assert titles(inspection) == set()
    services.arrange(inspection=inspection, actor=world.county_officer)
    assert "发动群众" in titles(inspection)


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("核对组员回避情况", lambda i: i.entered_on - timedelta(5)),
        ("形成巡察报告", lambda i: i.last_day + timedelta(10)),
    ],
)
def test_the_due_day_follows_the_dates_of_the_inspection(inspection, title, day):
    assert duty(inspection, title).due_on == day(inspection)


def test_a_due_day_moves_with_the_plan(world, inspection):
    services.arrange(inspection=inspection, actor=world.county_officer, planned_to=date(2030, 1, 1))
    assert duty(inspection, "形成巡察报告").due_on == date(2030, 1, 11)


def late(inspection, **dates):
    Inspection.objects.filter(pk=inspection.pk).update(**dates)
    return duty(inspection).is_late


def test_an_open_required_duty_is_late_after_its_day(inspection):
    assert not late(inspection, entered_on=today() - timedelta(3))
    assert late(inspection, entered_on=today() - timedelta(4))


def test_what_is_done_optional_or_of_a_later_stage_is_not_late(world, inspection):
    Inspection.objects.filter(pk=inspection.pk).update(
        entered_on=today() - timedelta(40), planned_from=today() - timedelta(40), planned_to=today() - timedelta(30)
    )
    services.do_duty(duty=duty(inspection), actor=world.team_member)
    assert [one for one in Duty.objects.with_due() if one.is_late] == []


# who does what


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("发动群众", {"team_leader", "spare_member", "team_member"}),
        ("组内会商研判", {"team_leader", "spare_member"}),
        ("核对组员回避情况", {"county_officer", "county_head"}),
    ],
)
def test_a_duty_is_done_by_whom_it_falls_to(world, title, names):
    from common import policy

    build.duty_list()
    inspection = build.arranged_inspection(world)
    one = duty(inspection, title)
    assert {name for name, user in world.people.items() if policy.allows(user, "do", one)} == names


def test_whom_it_does_not_fall_to_is_refused(world, inspection):
    with pytest.raises(PermissionDenied):
        services.do_duty(duty=duty(inspection, "组内会商研判"), actor=world.team_member)


def test_doing_keeps_who_when_and_what_was_said(world, inspection):
    done = services.do_duty(
        duty=duty(inspection),
        actor=world.team_member,
        on=today() - timedelta(1),
        remark="赶场天摆摊",
        attachments=[make.photo("摆摊.jpg")],
    )
    assert (done.status, done.settled_by, done.settled_on, done.remark) == (
        S.DONE, world.team_member, today() - timedelta(1), "赶场天摆摊",
    )  # fmt: skip
    assert done.files.get().name == "摆摊.jpg"
    assert AuditEvent.objects.filter(action="do", object_type="inspections.Duty").exists()


def test_doing_twice_is_a_conflict(world, inspection):
    services.do_duty(duty=duty(inspection), actor=world.team_member)
    with pytest.raises(Conflict):
        services.do_duty(duty=duty(inspection), actor=world.team_leader)


def test_a_day_to_come_is_refused_and_leaves_no_file(world, inspection):
    with pytest.raises(ValidationError):
        services.do_duty(
            duty=duty(inspection), actor=world.team_member, on=today() + timedelta(1), attachments=[make.photo()]
        )
    assert not InspectionFile.objects.exists()


def test_a_duty_of_a_later_stage_waits(world, inspection):
    with pytest.raises(ValidationError, match="还没有到“巡后”阶段"):
        services.do_duty(duty=duty(inspection, "形成巡察报告"), actor=world.team_leader)


def test_not_applicable_needs_the_leader_and_a_reason(world, inspection):
    with pytest.raises(PermissionDenied):
        services.waive_duty(duty=duty(inspection), actor=world.team_member, note="已由乡镇发动")
    with pytest.raises(ValidationError):
        services.waive_duty(duty=duty(inspection), actor=world.team_leader, note=" ")
    waived = services.waive_duty(duty=duty(inspection), actor=world.team_leader, note="点穴式巡察不发动")
    assert (waived.status, waived.remark) == (S.NOT_APPLICABLE, "点穴式巡察不发动")


def test_the_head_of_the_office_may_waive_what_a_team_left_undone(world, inspection):
    waived = services.waive_duty(duty=duty(inspection), actor=world.county_head, note="巡察组已解散")
    assert waived.status == S.NOT_APPLICABLE


def test_undoing_opens_again_while_the_stage_lasts(world, inspection):
    done = services.do_duty(duty=duty(inspection), actor=world.team_member)
    assert services.undo_duty(duty=done, actor=world.team_member).settled_by is None
    with pytest.raises(ValidationError, match="“巡前”阶段已经结束"):
        services.undo_duty(duty=duty(inspection, "核对组员回避情况"), actor=world.county_officer)


def test_the_database_wants_a_reason_and_a_person(inspection):
    one = duty(inspection)
    for columns in ("settled_on = now()", "remark = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE inspections_duty SET status = 'NOT_APPLICABLE', {columns} WHERE id = %s",
                [one.pk],
            )


# gates


def test_no_stage_is_left_while_a_required_duty_is_open(world):
    build.duty_list()
    inspection = build.arranged_inspection(world)
    with pytest.raises(ValidationError, match="“巡前”责任清单还有 1 项必办事项没有办：核对组员回避情况"):
        services.enter_inspection(inspection=inspection, actor=world.team_leader)
    inspection = build.enter(world, inspection)
    build.explain_gaps(world, inspection)
    with pytest.raises(ValidationError, match="“巡中”责任清单还有 1 项必办事项没有办：发动群众"):
        services.leave_inspection(inspection=inspection, actor=world.team_leader)
    inspection = build.leave(world, inspection)
    with pytest.raises(ValidationError, match="“巡后”责任清单还有 1 项"):
        services.close_inspection(inspection=inspection, actor=world.county_officer, note="没有发现问题")


def speaks_of(title, paper):
    DutyTemplate.objects.filter(title=title).update(paper=paper)


def test_a_duty_that_speaks_of_a_paper_waits_for_its_issue(world, signed_in):
    build.duty_list()
    inspection, title = build.arranged_inspection(world), "核对组员回避情况"
    speaks_of(title, "NOTICE")
    others = signed_in(world.leading_group).get(page(inspection)).content.decode()
    assert "巡察公告还没有签发" in others
    assert "不能办理此事项" not in others
    one, client = duty(inspection, title), signed_in(world.county_officer)
    assert "巡察公告还没有签发" in client.get(page(inspection)).content.decode()
    posts = (
        (act("do", one), {"on": str(today())}),
        (
            reverse("inspections:duties_done", args=[inspection.pk]),
            {"ids": [one.pk]},
        ),
    )
    for url, values in posts:
        assert "巡察公告还没有签发" in client.post(url, values, follow=True).content.decode()
        assert duty(inspection, title).status == S.OPEN
    services.draft_paper(inspection=inspection, kind="PLAN", actor=world.county_officer)  # another kind, and a draft
    with pytest.raises(ValidationError, match="巡察公告还没有签发"):
        services.do_duty(duty=one, actor=world.county_officer)
    build.issued_paper(world, inspection, "NOTICE")
    assert services.do_duty(duty=one, actor=world.county_officer).status == S.DONE


@pytest.mark.parametrize(("mode", "kind"), [("REGULAR", "REPORT"), ("SPECIAL", "SPECIAL_REPORT")])
def test_the_report_of_a_special_inspection_is_the_special_report(world, mode, kind):
    build.duty_list()
    inspection = build.left_inspection(world)
    speaks_of("形成巡察报告", "REPORT")
    Inspection.objects.filter(pk=inspection.pk).update(mode=mode, theme="民生领域" if mode == "SPECIAL" else "")
    inspection.refresh_from_db()
    report = duty(inspection, "形成巡察报告")
    with pytest.raises(ValidationError, match="报告还没有签发"):
        services.do_duty(duty=report, actor=world.team_leader)
    build.issued_paper(world, inspection, kind)
    assert services.do_duty(duty=report, actor=world.team_leader).status == S.DONE


def test_a_paper_that_does_not_apply_is_waived_with_a_reason(world, inspection):
    speaks_of("发动群众", "OUTLINE")
    one = services.waive_duty(duty=duty(inspection), actor=world.team_leader, note="点穴式巡察不用提纲")
    assert one.status == S.NOT_APPLICABLE


def test_an_optional_duty_keeps_nobody(world, inspection):
    assert build.leave(world, inspection).status == Stage.AFTER
    assert duty(inspection, "组内会商研判").status == S.OPEN


def test_button_and_post_say_what_the_service_says(world, inspection, signed_in):
    build.explain_gaps(world, inspection)
    client = signed_in(world.team_leader)
    assert "没有办：发动群众" in client.get(inspection.get_absolute_url()).content.decode()
    url = reverse("inspections:leave", args=[inspection.pk])
    page = client.post(url, {"confirmed": "1"}, follow=True).content.decode()
    assert "没有办：发动群众" in page
    assert Inspection.objects.get().status == Stage.DURING
    services.do_duty(duty=duty(inspection), actor=world.team_member)
    client.post(url, {"confirmed": "1"})
    assert Inspection.objects.get().status == Stage.AFTER


# pages


def page(inspection):
    return reverse("inspections:duties", args=[inspection.pk])


def act(name, one):
    return reverse(f"inspections:duty_{name}", args=[one.pk])


def test_the_page_tells_what_is_late_and_by_whom_it_was_done(world, inspection, signed_in):
    Inspection.objects.filter(pk=inspection.pk).update(entered_on=today() - timedelta(9))
    text = signed_in(world.team_leader).get(page(inspection)).content.decode()
    assert "超期 1 项" in text
    assert world.county_officer.full_name in text


def test_the_inspections_page_tells_the_progress_of_each_stage(world, inspection, signed_in):
    Inspection.objects.filter(pk=inspection.pk).update(entered_on=today() - timedelta(9))
    text = signed_in(world.leading_group).get(inspection.get_absolute_url()).content.decode()
    assert "责任清单" in text
    assert "超期 1 项" in text


def test_several_are_done_at_once(world, inspection, signed_in):
    ids = [duty(inspection).pk, duty(inspection, "组内会商研判").pk]
    url = reverse("inspections:duties_done", args=[inspection.pk])
    assert "已办 2 项" in signed_in(world.team_leader).post(url, {"ids": ids}, follow=True).content.decode()
    assert "没有选中" in signed_in(world.team_leader).post(url, {"ids": ids}, follow=True).content.decode()


def test_one_that_is_refused_keeps_all_back(world, inspection, signed_in):
    ids = [duty(inspection).pk, duty(inspection, "组内会商研判").pk]
    response = signed_in(world.team_member).post(reverse("inspections:duties_done", args=[inspection.pk]), {"ids": ids})
    assert response.status_code == 403
    assert duty(inspection).status == S.OPEN


def test_the_page_does_one_with_a_file(world, inspection, signed_in):
    values = {"on": today().isoformat(), "remark": "摆摊", "attachments": make.photo("摆摊.jpg")}
    response = signed_in(world.team_member).post(act("do", duty(inspection)), values, follow=True)
    assert "摆摊.jpg" in response.content.decode()


def test_the_page_asks_for_the_reason(world, inspection, signed_in):
    client, url = signed_in(world.team_leader), act("waive", duty(inspection))
    assert client.post(url, {"confirmed": "1", "note": " "}).status_code == 422
    assert client.post(url, {"confirmed": "1", "note": "不发动"}).status_code == 302
    assert duty(inspection).status == S.NOT_APPLICABLE


@pytest.mark.parametrize("name", ["waive", "undo"])
def test_moves_are_posts_only(world, inspection, signed_in, name):
    assert signed_in(world.team_leader).get(act(name, duty(inspection))).status_code == 405


def test_a_file_is_handed_out_by_the_inspections_policy(world, inspection, signed_in):
    services.do_duty(duty=duty(inspection), actor=world.team_member, attachments=[make.photo("摆摊.jpg")])
    url = reverse("inspections:file", args=[InspectionFile.objects.get().pk])
    assert signed_in(world.county_officer).get(url).status_code == 200
    assert signed_in(world.other_county_officer).get(url).status_code == 404
    assert signed_in(world.township_secretary).get(url).status_code == 403
    assert AuditEvent.objects.filter(action="download", object_type="inspections.InspectionFile").count() == 1


def test_the_page_takes_the_same_queries_with_more_duties(world, inspection, signed_in):
    client = signed_in(world.team_leader)
    client.get(page(inspection))

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(inspection)).status_code == 200
        return len(queries)

    before = counted()
    first = duty(inspection).template
    for order in range(20, 23):
        first.pk, first.order, first.title = None, order, f"事项{order}"
        first.save(force_insert=True)
        Duty.objects.create(inspection=inspection, template=first)
    assert counted() == before <= 9


# the desk


def test_the_desk_tells_what_is_late_and_what_soon_will_be(world, inspection, signed_in):
    client = signed_in(world.team_member)
    assert "责任清单 1 项：青义镇 龙门村" in client.get("/").content.decode()
    services.do_duty(duty=duty(inspection), actor=world.team_member)
    assert "责任清单 1 项" not in client.get("/").content.decode()


def test_the_offices_desk_tells_its_own(world, signed_in):
    build.duty_list()
    inspection = build.arranged_inspection(world)
    Inspection.objects.filter(pk=inspection.pk).update(planned_from=today(), planned_to=today())
    assert "责任清单 1 项" in signed_in(world.county_officer).get("/").content.decode()
    assert "责任清单 1 项" not in signed_in(world.team_member).get("/").content.decode()

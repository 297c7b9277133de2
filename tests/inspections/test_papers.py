"""方案, 公告, 提纲, 报告: drafted from the data, edited, issued by somebody else, frozen, corrected (D1, E1, H3)."""

import ast
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from docx import Document

from common import audit
from common.calendar import today
from common.errors import Conflict
from inspections import services
from inspections.enums import Mode, PaperKind, PaperStatus
from inspections.models import Inspection, Paper
from inspections.selectors import papers as read
from tests.factories import inspections as build
from villages.enums import VillageClass

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def inspection(world):
    return build.arranged_inspection(world)


@pytest.fixture
def plan(world, inspection):
    return services.draft_paper(inspection=inspection, kind="PLAN", actor=world.county_officer)


def report_of(world, inspection, kind="REPORT"):
    return services.draft_paper(inspection=inspection, kind=kind, actor=world.team_member)


def issued(world, paper, **changes):
    values = {"actor": world.county_head, "document_number": "涪巡方案〔2026〕1号"} | changes
    return services.issue_paper(paper=paper, **values)


def texts(paper):
    return "\n".join(one["text"] for one in paper.sections)


def headings(paper):
    return [one["heading"] for one in paper.sections if one["heading"]]


def in_mode(inspection, mode, **changes):
    Inspection.objects.filter(pk=inspection.pk).update(mode=mode, **changes)
    inspection.refresh_from_db()
    return inspection


def test_plan_names_village_mode_days_and_people(world, plan):
    assert plan.title == "青义镇龙门村常规巡察工作方案"
    assert plan.issuer == world.county_head.organ.name
    text = texts(plan)
    assert "由第一巡察组对青义镇龙门村开展常规巡察" in text
    assert f"组长：{world.team_leader.full_name}。" in text
    assert f"副组长：{world.spare_member.full_name}。" in text


def stays(inspection, first, last, **real):
    """The plan's and the notice's text of these days."""
    Inspection.objects.filter(pk=inspection.pk).update(planned_from=first, planned_to=last, **real)
    inspection.refresh_from_db()
    return ["".join(text for _head, text in read.first_draft(inspection, kind).sections) for kind in ("PLAN", "NOTICE")]


def test_a_stay_of_one_day_is_one_date(world, inspection, signed_in):
    day = date(2026, 11, 29)
    for text in stays(in_mode(inspection, Mode.PINPOINT), day, day):
        assert "2026年11月29日" in text
        assert "日至2026年" not in text
    page = signed_in(world.team_leader).get(inspection.get_absolute_url()).content.decode()
    assert "2026年11月29日 至" not in page


def test_plan_and_notice_tell_the_same_days_also_after_the_team_has_entered(world, inspection):
    planned, entered = date(2026, 11, 20), date(2026, 11, 23)
    for text in stays(inspection, planned, planned + timedelta(days=9), entered_on=entered):
        assert "2026年11月23日至2026年12月2日" in text
        assert "2026年11月20日" not in text


def test_short_modes_have_a_short_plan(world, inspection):
    plan = services.draft_paper(inspection=in_mode(inspection, Mode.MOBILE), kind="PLAN", actor=world.county_officer)
    assert "工作要求" not in headings(plan)
    assert "直奔现场" in texts(plan)


def test_notice_leaves_a_gap_for_what_the_data_do_not_know(world, inspection):
    notice = services.draft_paper(inspection=inspection, kind="NOTICE", actor=world.county_officer)
    assert "（请填写意见箱位置和接访地点）" in texts(notice)
    with pytest.raises(ValidationError, match="没有填写"):
        issued(world, notice, document_number="")


def test_outline_asks_by_point_and_names_nobody(world, inspection):
    outline = services.draft_paper(inspection=inspection, kind="OUTLINE", actor=world.team_member)
    assert "1．惠民补贴方面，有没有这样的情况：惠民补贴发放不公开？" in texts(outline)
    assert world.team_leader.full_name not in texts(outline)


def test_short_modes_ask_for_each_point_as_a_whole(world, inspection):
    outline = read.first_draft(in_mode(inspection, Mode.PINPOINT), PaperKind.OUTLINE)
    [asked] = [text for heading, text in outline.sections if heading == "谈话内容"]
    assert "1．惠民补贴方面，做得怎么样，群众有哪些不满意的地方？" in asked
    assert "这样的情况" not in asked


def test_papers_of_a_special_inspection_keep_to_its_points(world, inspection):
    special = in_mode(inspection, Mode.SPECIAL, theme="惠民补贴", focus=["B1"])
    for kind in (PaperKind.PLAN, PaperKind.OUTLINE):
        text = "\n".join(text for _heading, text in read.first_draft(special, kind).sections)
        assert "惠民补贴" in text
        assert "集体资产" not in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("第一巡察组", "中共涪城区委第一巡察组"),
        ("区委第一巡察组", "中共涪城区委第一巡察组"),
        ("中共涪城区委第一巡察组", "中共涪城区委第一巡察组"),
        ("交叉巡察组（游仙区委）", "中共涪城区委交叉巡察组（游仙区委）"),
    ],
)
def test_a_team_is_named_with_its_committee_once(world, inspection, name, told):
    inspection.team.name = name
    assert read.first_draft(inspection, PaperKind.NOTICE).issuer == told


def test_a_reason_that_ends_in_a_full_stop_gets_no_second_one(world, inspection):
    for reason in ("群众反映集中", "群众反映集中。"):
        plan = read.first_draft(in_mode(inspection, Mode.CROSS, mode_reason=reason), PaperKind.PLAN)
        assert dict(plan.sections)["巡察对象"].endswith("采用交叉巡察的理由：群众反映集中。")


def test_report_tells_the_confirmed_findings_and_lists_them(world):
    inspection = build.running_inspection(world)
    build.confirmed_finding(world, inspection, title="补贴没有公示", is_common=True)
    left_out = build.draft_finding(world, inspection, title="查无实据的事")
    services.reject_finding(finding=left_out, actor=world.team_leader, note="查无实据")
    inspection = build.leave(world, inspection)
    report = report_of(world, inspection)
    assert "补贴没有公示" in texts(report)
    assert "查无实据的事" not in texts(report)
    assert [row[2] for row in report.annexes[0]["rows"]] == ["补贴没有公示"]
    assert report.to == "中共涪城区委巡察工作领导小组"


def test_short_modes_have_a_short_report(world):
    inspection = build.left_inspection(world)
    full = read.first_draft(inspection, PaperKind.REPORT)
    short = read.first_draft(in_mode(inspection, Mode.PINPOINT), PaperKind.REPORT)
    assert [heading for heading, _text in full.sections if heading] == [
        "基本情况",
        "总体评价",
        "发现的主要问题",
        "原因分析",
        "意见建议",
    ]
    assert [heading for heading, _text in short.sections if heading] == ["发现的主要问题", "处理建议"]


def test_special_inspections_have_a_report_on_their_theme(world):
    inspection = in_mode(build.left_inspection(world), Mode.SPECIAL, theme="集体“三资”管理")
    with pytest.raises(ValidationError, match="专题报告"):
        report_of(world, inspection)
    report = report_of(world, inspection, "SPECIAL_REPORT")
    assert report.title == "青义镇龙门村集体“三资”管理专题报告"
    assert "（一）惠民补贴（基层“微腐败”）" in texts(report)


def test_more_than_ten_points_are_all_told(world):
    lines = read.base.paragraph_list([f"第{n}件" for n in range(1, 13)])
    assert lines.splitlines()[-1] == "（十二）第12件"


def test_no_paper_without_team(world):
    round = build.opened_round(world)
    with pytest.raises(ValidationError, match="还没有派巡察组"):
        services.draft_paper(inspection=round.inspections.get(), kind="PLAN", actor=world.county_officer)


def test_no_report_while_the_team_is_in_the_village(world):
    with pytest.raises(ValidationError, match="结束驻村后"):
        report_of(world, build.running_inspection(world))


def test_no_plan_once_the_team_has_left(world):
    with pytest.raises(ValidationError, match="已经离村"):
        services.draft_paper(inspection=build.left_inspection(world), kind="PLAN", actor=world.county_officer)


def test_drafting_twice_is_a_conflict(world, inspection, plan):
    with pytest.raises(Conflict, match="已经起草"):
        services.draft_paper(inspection=inspection, kind="PLAN", actor=world.county_officer)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("leading_group", "PLAN"),
        ("township_secretary", "NOTICE"),
        ("other_county_officer", "PLAN"),
        ("county_officer", "OUTLINE"),
    ],
)
def test_others_do_not_draft(world, inspection, name, kind):
    with pytest.raises(PermissionDenied):
        services.draft_paper(inspection=inspection, kind=kind, actor=getattr(world, name))


def test_texts_are_edited_and_headings_stay(world, plan):
    new = ["改好的开头", *["" for _more in plan.sections[1:]]]
    edited = services.edit_paper(paper=plan, actor=world.team_member, texts=new, title="新标题")
    assert (edited.title, list(edited.headed_sections)) == ("新标题", [("", "改好的开头")])
    assert headings(edited) == headings(plan)


def test_numbers_of_sections_close_up_over_empty_ones(world, plan):
    new = [one["text"] for one in plan.sections]
    new[1] = ""
    edited = services.edit_paper(paper=plan, actor=world.county_officer, texts=new)
    assert [heading for heading, _text in edited.headed_sections][:3] == ["", "一、巡察内容", "二、时间安排和方法步骤"]


def test_edit_from_an_old_page_is_a_conflict(world, plan):
    with pytest.raises(Conflict):
        services.edit_paper(paper=plan, actor=world.county_officer, title="x", version=plan.version + 1)


def test_renewing_makes_the_text_from_the_data_as_they_are(world, plan):
    services.edit_paper(paper=plan, actor=world.county_officer, title="手工")
    assert services.renew_paper(paper=plan, actor=world.county_officer).title == plan.title


def test_head_issues_the_plan(world, plan):
    paper = issued(world, plan)
    assert (paper.status, paper.issued_by, paper.issued_on) == (PaperStatus.ISSUED, world.county_head, today())


def test_leader_issues_the_report_of_a_member(world):
    report = report_of(world, in_mode(build.left_inspection(world), Mode.MOBILE))
    assert issued(world, report, actor=world.team_leader).status == PaperStatus.ISSUED


@pytest.mark.parametrize("name", ["county_officer", "team_leader", "leading_group", "other_county_head"])
def test_nobody_else_issues_a_plan(world, plan, name):
    with pytest.raises(PermissionDenied):
        issued(world, plan, actor=getattr(world, name))


def test_nobody_issues_what_he_drafted(world, inspection):
    outline = services.draft_paper(inspection=inspection, kind="OUTLINE", actor=world.team_leader)
    with pytest.raises(PermissionDenied, match="由您本人拟稿"):
        issued(world, outline, actor=world.team_leader, document_number="")


def test_a_plan_needs_a_number(world, plan):
    with pytest.raises(ValidationError, match="请填写文号"):
        issued(world, plan, document_number=" ")


def test_a_number_is_used_once_in_a_county(world, plan):
    issued(world, plan)
    notice = services.draft_paper(inspection=plan.inspection, kind="NOTICE", actor=world.county_officer)
    services.edit_paper(paper=notice, actor=world.county_officer, texts=["正文", "", "", "", ""])
    with pytest.raises(ValidationError, match="已用于“"):
        issued(world, notice)


def test_the_next_number_counts_by_kind_and_year(world, plan):
    assert read.next_document_number(plan, today().year) == f"涪巡方案〔{today().year}〕1号"
    issued(world, plan)
    assert read.next_document_number(plan, today().year) == f"涪巡方案〔{today().year}〕2号"


def test_the_report_on_a_raised_inspection_bears_the_citys_mark(world):
    year, taken = today().year, f"涪巡报告〔{today().year}〕1号"
    report = report_of(world, in_mode(build.left_inspection(world), Mode.MOBILE))
    assert read.next_document_number(report, year) == taken
    issued(world, report, actor=world.team_leader, document_number=taken)
    report.inspection.mode = Mode.RAISED
    assert read.next_document_number(report, year) == f"绵巡报告〔{year}〕1号"
    Inspection.objects.update(mode=Mode.RAISED)
    assert read.next_document_number(report, year) == f"绵巡报告〔{year}〕2号"
    report.inspection.mode = Mode.MOBILE
    assert read.next_document_number(report, year) == taken


def test_issuing_twice_is_a_conflict(world, plan):
    issued(world, plan)
    with pytest.raises(Conflict):
        issued(world, plan)


def test_an_issued_paper_cannot_be_edited_not_even_in_the_database(world, plan):
    paper = issued(world, plan)
    with pytest.raises(Conflict):
        services.edit_paper(paper=paper, actor=world.county_officer, title="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(title="x")


def test_a_correction_is_a_new_edition_and_the_old_one_stays(world, plan):
    first = issued(world, plan)
    second = services.correct_paper(paper=first, actor=world.county_officer)
    services.edit_paper(paper=second, actor=world.county_officer, title="更正后的方案")
    second = issued(world, second, document_number="涪巡方案〔2026〕2号")
    first.refresh_from_db()
    assert (second.edition, second.replaces, second.title) == (2, first, "更正后的方案")
    assert first.title != second.title


def test_a_correction_may_come_after_the_stage_of_its_paper(world, plan):
    first = issued(world, plan)
    build.finish_duties(world, plan.inspection)
    build.leave(world, services.enter_inspection(inspection=plan.inspection, actor=world.team_leader))
    second = services.correct_paper(paper=first, actor=world.county_officer)
    assert issued(world, second, document_number="2号").status == PaperStatus.ISSUED


def test_only_the_newest_issued_edition_is_corrected_and_once(world, plan):
    with pytest.raises(Conflict):
        services.correct_paper(paper=plan, actor=world.county_officer)
    first = issued(world, plan)
    services.correct_paper(paper=first, actor=world.county_officer)
    with pytest.raises(Conflict):
        services.correct_paper(paper=first, actor=world.county_officer)


def test_the_word_file_says_what_the_paper_says_and_is_on_record(world, plan):
    name, content = services.paper_file(paper=plan, actor=world.county_officer)
    lines = [one.text for one in Document(BytesIO(content)).paragraphs]
    assert name == "青义镇龙门村常规巡察工作方案（草稿）.docx"
    assert "一、巡察对象" in lines
    assert audit.history(plan).first().action == "download"


def test_papers_read_nothing_of_who_was_talked_to():
    """Their templates may name no model of the fieldwork: a paper is no place for sources (D7)."""
    allowed = {"Inspection", "Paper", "Finding", "ChecklistItem"}
    for path in Path(read.__file__).parent.glob("*.py"):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        models = [one for one in tree if isinstance(one, ast.ImportFrom) and one.module == "inspections.models"]
        assert {name.name for one in models for name in one.names} <= allowed, path.name


def test_papers_follow_a_village_only_as_drafts(world, plan):
    from inspections.integrity import children_lie_with_their_inspection

    assert list(children_lie_with_their_inspection()) == []
    Paper.objects.filter(pk=plan.pk).update(village=world.second_village)
    assert len(list(children_lie_with_their_inspection())) == 1


def test_ordinary_villages_are_inspected_in_a_short_mode(world):
    inspection = build.arranged_inspection(world, klass=VillageClass.ORDINARY)
    plan = services.draft_paper(inspection=inspection, kind="PLAN", actor=world.county_officer)
    assert plan.title == "青义镇龙门村机动式巡察工作方案"

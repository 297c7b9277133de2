"""One inspection of each of the six modes, from the plan to the report, by the people who would do it (D1, D2, H3).

Everything from the empty plan to the issued report is done in the browser by whom it falls to; beforehand there are
the people, the term and a village with its class, and nothing else.
"""

import re
from dataclasses import dataclass

import pytest

from accounts.enums import OrganKind, Post
from accounts.models import User
from common.calendar import today
from inspections.enums import MODES_OF_CLASS, DutyStatus, Mode, PaperKind, PaperStatus
from inspections.models import AnnualPlan, Finding, Inspection, Round, Team
from tests.e2e.acts import draft, issue, submit_and_approve, talk, tell_gaps, tick_duties
from tests.e2e.visitors import Visit, Visitor
from tests.factories import inspections as build
from tests.factories.world import World, person
from villages.enums import VillageClass

pytestmark = pytest.mark.chromium


@dataclass(frozen=True)
class Case:
    """`sender` sends the team; `wrong` is said when the county's own team would enter; `days` in the village."""

    mode: Mode
    klass: VillageClass
    sender: str
    days: int
    duties: int
    chosen: bool = False  # by hand, where the class has another default
    wrong: str = ""
    report: str = "巡察报告"
    title: str = ""


CASES = [
    Case(Mode.REGULAR, VillageClass.KEY_FOCUS, "county", 10, 18, title="常规巡察"),
    Case(Mode.CROSS, VillageClass.RISK, "other_county", 10, 20, wrong="交叉巡察须由外县", title="交叉巡察"),
    Case(Mode.RAISED, VillageClass.RISK, "city", 12, 20, chosen=True, wrong="提级巡察须由市级", title="提级巡察"),
    Case(Mode.SPECIAL, VillageClass.RISK, "county", 7, 20, chosen=True, report="专题报告", title="民生领域专题报告"),
    Case(Mode.MOBILE, VillageClass.ORDINARY, "county", 3, 14, title="机动式巡察"),
    Case(Mode.PINPOINT, VillageClass.ORDINARY, "county", 2, 14, chosen=True, title="点穴式巡察"),
]


@dataclass
class Inspectors:
    leader: Visitor
    deputy: Visitor
    member: Visitor
    people: dict[str, User]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.mode.lower())
def test_from_plan_to_report(cast: World, visitor: Visit, case: Case):
    build.classed(cast, klass=case.klass)
    build.term(cast)
    seats = ("county_officer", "county_head", "leading_group")
    officer, head, leading = (visitor().enter(cast.people[name]) for name in seats)
    team = inspectors(cast, visitor, case)
    plan = put_on_the_plan(officer, case)
    submit_and_approve(officer, leading, plan.get_absolute_url())
    file_with_the_city(officer, visitor().enter(cast.city_officer), plan)
    open_the_round(officer, plan)
    send_the_team(officer, cast, team, case)
    inspection = Inspection.objects.get()
    assert (inspection.planned_to - inspection.planned_from).days + 1 == case.days
    papers_before(officer, head, team, inspection, case)
    enter(officer, team, inspection, case)
    write_down(team, inspection)
    assert leave(team, inspection) == "AFTER"
    report(team, inspection, case)
    assert Inspection.objects.get().duties.fitting().count() == case.duties
    assert_the_papers(inspection, case)


def inspectors(cast: World, visitor: Visit, case: Case) -> Inspectors:
    """Three people of the place that sends the team."""
    place, kind = getattr(cast, case.sender), OrganKind.INSPECTION_TEAM
    names, posts = {"leader": "冯组长", "deputy": "褚副组长", "member": "陈组员"}, {"leader": Post.TEAM_LEADER}
    people = {key: person(f"i_{key}", name, place, kind, posts.get(key, Post.OFFICER)) for key, name in names.items()}
    return Inspectors(*(visitor().enter(one) for one in people.values()), people)


def put_on_the_plan(officer: Visitor, case: Case) -> AnnualPlan:
    officer.go("/inspections/plans/new/")
    officer.press("建立计划")
    officer.sees("已建立")
    plan = AnnualPlan.objects.get()
    officer.go(f"{plan.get_absolute_url()}villages/")
    officer.page.get_by_label("选择：青义镇 龙门村").check()
    if case.chosen:
        officer.fill(mode=case.mode)
    if case.mode == Mode.SPECIAL:
        officer.page.get_by_text("改用其他方式的理由、专项主题").click()
        officer.fill(theme="民生领域")
    officer.press("列入计划")
    officer.sees("已列入 1 个村")
    assert plan.entries.get().mode == case.mode
    assert case.chosen or MODES_OF_CLASS[case.klass][0] == case.mode
    return plan


def file_with_the_city(officer: Visitor, city: Visitor, plan: AnnualPlan) -> None:
    officer.go(plan.get_absolute_url())
    officer.press("报市备案", confirm=True)
    officer.sees("待市级受理")
    city.go("/inspections/filings/")
    city.follow("涪城区")
    city.press("同意备案", confirm=True)
    city.sees("已备案")


def open_the_round(officer: Visitor, plan: AnnualPlan) -> None:
    officer.go(f"{plan.get_absolute_url()}rounds/new/")
    last = today().replace(month=12, day=31) if today().month < 12 else today().replace(year=today().year + 1, month=1)
    officer.fill(starts_on=today().isoformat(), ends_on=last.isoformat())
    officer.press("开展本轮")


def send_the_team(officer: Visitor, cast: World, team: Inspectors, case: Case) -> None:
    """The first time from the wrong place, where the mode has one: the page says so beside the village."""
    round = Inspection.objects.get().round
    if case.wrong:
        found_team(officer, round, "本县组", cast.team_leader.organ_id)
        assign(officer, round, "本县组")
        officer.sees("组不符", case.wrong)
    found_team(officer, round, "第一巡察组", team.people["leader"].organ_id)
    for key, post in (("leader", "LEADER"), ("deputy", "DEPUTY"), ("member", "MEMBER")):
        officer.fill(user=str(team.people[key].pk), post=post)
        officer.press("增加并继续")
        officer.sees(f"{team.people[key].full_name}已进入第一巡察组")
    assign(officer, round, "第一巡察组")


def found_team(officer: Visitor, round: Round, name: str, organ: int) -> None:
    officer.go(f"{round.get_absolute_url()}teams/new/")
    officer.fill(name=name, organ=str(organ))
    officer.press("组建")
    officer.sees(name)


def assign(officer: Visitor, round: Round, name: str) -> None:
    officer.go(round.get_absolute_url())
    officer.page.get_by_label("选择：青义镇 龙门村").check()
    officer.fill(team=str(Team.objects.get(name=name).pk))
    officer.press("派组")
    officer.sees(f"已把 1 个村派给{name}")


def papers_before(officer: Visitor, head: Visitor, team: Inspectors, inspection: Inspection, case: Case) -> None:
    draft(officer, inspection, "巡察方案")
    assert inspection.short_mode in officer.page.locator("[name=title]").input_value()
    issue(head, inspection, PaperKind.PLAN)
    draft(officer, inspection, "巡察公告")
    issue(head, inspection, PaperKind.NOTICE)
    draft(team.member, inspection, "谈话提纲")
    issue(team.leader, inspection, PaperKind.OUTLINE)


def enter(officer: Visitor, team: Inspectors, inspection: Inspection, case: Case) -> None:
    """Not before the duties are done that this mode has."""
    team.leader.go(inspection.get_absolute_url())
    button = team.leader.page.locator("#main .act button", has_text="进驻")
    assert button.count() == 0 or button.first.is_disabled()
    team.leader.sees("必办事项没有办")
    tick_duties(officer, inspection)
    tick_duties(team.leader, inspection)
    team.leader.go(inspection.get_absolute_url())
    team.leader.press("进驻", confirm=True)
    team.leader.sees("进驻，已办理")


def write_down(team: Inspectors, inspection: Inspection) -> None:
    """How villagers were told, a talk, a visit, a paper read; a finding under an item that this mode looks at, which
    rests on them, signed, reviewed and decided; why the rest of the talks and visits were not."""
    tell_villagers(team.member, inspection)
    talk(team.member, inspection, team.people["deputy"].pk, "钱老师")
    visit_and_read(team.member, inspection)
    team.member.go(f"/inspections/{inspection.pk}/findings/new/?q=cbf")
    items = team.member.page.locator("#main a[href*='item=']")
    if items.count() == 0:  # a special inspection looks at its points only
        team.member.go(f"/inspections/{inspection.pk}/findings/new/")
    items.first.click()
    team.member.fill(title="集体鱼塘承包费没有入账", facts="18 亩鱼塘承包费 1.2 万元由报账员保管，没有入账。")
    team.member.fill(second_inspector=str(team.people["leader"].pk))
    team.member.press("完成")
    team.member.sees("已登记底稿")
    paper = Finding.objects.get().get_absolute_url()
    team.member.go(paper)
    team.member.follow(re.compile(r"选择\s*印证"))
    team.member.choose(numbers="T-01")
    team.member.choose(numbers="F-01")
    team.member.choose(numbers="Z-01")
    team.member.press("保存")
    team.member.sees("印证 3 项")
    for one, verb in ((team.leader, "签名"), (team.deputy, "初审通过"), (team.leader, "审定")):
        one.go(paper)
        one.press(verb, confirm=True)
        one.sees("已办理")
    tell_gaps(team.leader, inspection)


def tell_villagers(member: Visitor, inspection: Inspection) -> None:
    member.go(inspection.get_absolute_url())
    member.follow("发动一次")
    member.choose(channel="MARKET_STALL")
    member.fill(place="场镇十字口", reach="80")
    member.press("登记")
    member.sees("已登记 D-01")


def visit_and_read(member: Visitor, inspection: Inspection) -> None:
    """The second inspector of the talk is offered again."""
    member.go(inspection.get_absolute_url())
    member.follow("访一户")
    member.choose(kind="HOUSEHOLD")
    member.fill(person="钱老师")
    member.press("登记")
    member.sees("已登记 F-01")
    member.go(inspection.get_absolute_url())
    member.follow("查一份")
    member.choose(kind="CONTRACT")
    member.fill(title="鱼塘承包合同")
    member.press("登记")
    member.sees("已登记 Z-01")


def leave(team: Inspectors, inspection: Inspection) -> str:
    tick_duties(team.leader, inspection)
    team.leader.go(inspection.get_absolute_url())
    team.leader.press("结束驻村", confirm=True)
    team.leader.sees("已办理")
    return Inspection.objects.get().status


def report(team: Inspectors, inspection: Inspection, case: Case) -> None:
    """The member drafts what the mode calls for, the leader issues it and takes it away as Word."""
    draft(team.member, inspection, case.report)
    written = "".join(one.input_value() for one in team.member.page.locator("[name=title], textarea").all())
    assert case.title in written
    assert "集体鱼塘承包费没有入账" in written
    issue(team.leader, inspection, PaperKind.SPECIAL_REPORT if case.mode == Mode.SPECIAL else PaperKind.REPORT)
    tick_duties(team.leader, inspection)
    assert not inspection.duties.fitting().filter(template__paper="REPORT", status=DutyStatus.OPEN).exists()
    team.leader.go(inspection.papers.get(kind__endswith="REPORT").get_absolute_url())
    assert "钱老师" not in written
    with team.leader.page.expect_download() as download:
        team.leader.follow("下载 Word")
    assert case.title in download.value.suggested_filename


def assert_the_papers(inspection: Inspection, case: Case) -> None:
    issued = {one.kind: one for one in inspection.papers.filter(status=PaperStatus.ISSUED)}
    last = PaperKind.SPECIAL_REPORT if case.mode == Mode.SPECIAL else PaperKind.REPORT
    assert set(issued) == {PaperKind.PLAN, PaperKind.NOTICE, PaperKind.OUTLINE, last}
    short = case.mode in (Mode.MOBILE, Mode.PINPOINT)
    assert [len(issued[kind].sections) for kind in (PaperKind.PLAN, last)] == (
        [5, 3] if short else [6, 5 if case.mode == Mode.SPECIAL else 6]
    )
    undone = Inspection.objects.get().duties.filter(status=DutyStatus.OPEN, template__stage="BEFORE")
    assert not undone.fitting().exists()

"""Builders that walk the legal path through the services: class → plan → round → team → inspection → feedback."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from common.calendar import today
from inspections import services
from inspections.enums import (
    FOUR_VISITS,
    SIX_TALKS,
    DutyStatus,
    PaperKind,
    PaperStatus,
    PlanStatus,
    TeamPost,
    paper_for,
)
from inspections.models import (
    AnnualPlan,
    Checklist,
    ChecklistItem,
    ConsultedDocument,
    Conversation,
    DutyList,
    DutyTemplate,
    Feedback,
    Finding,
    Inspection,
    Mobilisation,
    Paper,
    Round,
    Team,
    Term,
    Visit,
)
from tests.factories.world import World
from villages.enums import VillageClass
from villages.models import Village
from villages.services import approve_class, propose_class


def fresh(user: User) -> User:
    """The same person as the next request would load them: no memberships remembered."""
    return User.objects.select_related("organ__division__parent").get(pk=user.pk)


def reload_people(world: World) -> None:
    """Everybody of the cast anew, after memberships have changed."""
    world.people = {name: fresh(user) for name, user in world.people.items()}


def classed(world: World, village: Village | None = None, klass: str = VillageClass.KEY_FOCUS) -> Village:
    """A village with an approved class."""
    village = village or world.village
    proposer, approver = world.county_officer, world.county_head
    if village.county_id == world.other_county.pk:
        proposer, approver = world.other_county_officer, world.other_county_head
    row = propose_class(village=village, klass=klass, kinds=[], reason="近三年信访较多", actor=proposer)
    approve_class(classification=row, actor=approver)
    return Village.objects.select_related("division", "township").get(pk=village.pk)


def term(world: World) -> Term:
    """The term around today, made once."""
    year = today().year
    found = Term.objects.filter(city=world.city).first()
    return found or services.create_term(
        city=world.city,
        name="本届",
        starts_on=today().replace(year=year - 1, month=1, day=1),
        ends_on=today().replace(year=year + 3, month=12, day=31),
        targets={year - 1: 20, year: 40, year + 1: 60, year + 2: 80, year + 3: 100},
        actor=world.city_officer,
    )


def checklist() -> Checklist:
    """A small version of the list (two items) where the shipped one has not been loaded."""
    found = Checklist.objects.filter(county=None).order_by("-number").first()
    if found:
        return found
    made = Checklist.objects.create(name="测试清单", number=1)
    common = {"checklist": made, "aspect": "聚焦群众身边", "theme": "基层微腐败", "pinyin": "cunjiti ziji cjtzj"}
    ChecklistItem.objects.create(
        code="B1-01",
        aspect_code="B",
        group="侵害群众权益",
        point_code="B1",
        point="惠民补贴",
        text="惠民补贴发放不公开",
        **common,
    )
    ChecklistItem.objects.create(
        code="B2-01",
        aspect_code="B",
        group="侵害群众权益",
        point_code="B2",
        point="集体资产",
        text="村集体资金账目不清",
        party_building=True,
        **common,
    )
    made.in_force_from = today() - timedelta(days=400)
    made.save()
    return made


def draft_plan(world: World, villages: "list[Village] | None" = None, **options: Any) -> AnnualPlan:
    """This year's plan of the county with classed villages on it; the village of the cast when none are named."""
    term(world)
    plan = services.create_plan(county=world.county, year=today().year, actor=world.county_officer)
    villages = [classed(world)] if villages is None else villages
    if villages:
        services.add_to_plan(plan=plan, villages=villages, wave=1, actor=world.county_officer, **options)
    return plan


def approved_plan(world: World, villages: "list[Village] | None" = None, **options: Any) -> AnnualPlan:
    plan = services.submit_plan(plan=draft_plan(world, villages, **options), actor=world.county_officer)
    return services.approve_plan(plan=plan, actor=world.leading_group)


def opened_round(world: World, villages: "list[Village] | None" = None, **options: Any) -> Round:
    """The first round of this year, from 30 days ago to 60 days ahead."""
    checklist()
    plan = AnnualPlan.objects.filter(county=world.county, year=today().year, status=PlanStatus.APPROVED).first()
    plan = plan or approved_plan(world, villages, **options)
    first, last = today() - timedelta(days=30), today() + timedelta(days=60)
    return services.open_round(plan=plan, number=1, starts_on=first, ends_on=last, actor=world.county_officer)


def staffed_team(world: World, round: Round, name: str = "第一巡察组") -> Team:
    """A team of the county with leader (team_leader), deputy (spare_member) and member (team_member)."""
    team = services.create_team(round=round, organ=world.team_leader.organ, name=name, actor=world.county_officer)
    for user, post in (
        (world.team_leader, TeamPost.LEADER),
        (world.spare_member, TeamPost.DEPUTY),
        (world.team_member, TeamPost.MEMBER),
    ):
        services.add_member(team=team, user=user, post=post, actor=world.county_officer)
    return team


def arranged_inspection(
    world: World, village: Village | None = None, klass: str = VillageClass.KEY_FOCUS
) -> Inspection:
    """BEFORE, with a staffed team; people of the cast are reloaded."""
    round = opened_round(world, [classed(world, village, klass)])
    team = staffed_team(world, round)
    inspection = round.inspections.select_related("village__division").get()
    inspection = services.assign_team(inspection=inspection, team=team, actor=world.county_officer)
    reload_people(world)
    return inspection


def running_inspection(world: World, village: Village | None = None) -> Inspection:
    """DURING: the team is in the village."""
    return enter(world, arranged_inspection(world, village))


def duty_list() -> DutyList:
    """A small default list, one required line for each stage and one optional; made once."""
    found = DutyList.objects.filter(county=None).first()
    if found:
        return found
    made = DutyList.objects.create(number=1)
    lines = (
        ("BEFORE", "核对组员回避情况", "OFFICE", True, "ENTER", -5),
        ("DURING", "发动群众", "TEAM", True, "ENTER", 3),
        ("DURING", "组内会商研判", "LEADER", False, "LEAVE", -1),
        ("AFTER", "形成巡察报告", "LEADER", True, "LEAVE", 10),
    )
    for order, (stage, title, who, required, anchor, days) in enumerate(lines, start=1):
        DutyTemplate.objects.create(
            duty_list=made, order=order, stage=stage, title=title, who=who, required=required, anchor=anchor, days=days
        )
    return made


def issued_paper(world: World, inspection: Inspection, kind: str) -> Paper:
    """Drafted, its gaps filled in, and issued by another; one that is there already stays."""
    if found := inspection.papers.filter(kind=kind, status=PaperStatus.ISSUED).first():
        return found
    office = (world.county_officer, world.county_head)
    drafter, signer = office if kind in (PaperKind.PLAN, PaperKind.NOTICE) else (world.team_member, world.team_leader)
    paper = inspection.papers.filter(kind=kind).first()
    paper = paper or services.draft_paper(inspection=inspection, kind=kind, actor=drafter)
    texts = [one["text"].replace("（请填写", "（") for one in paper.sections]
    paper = services.edit_paper(paper=paper, actor=drafter, texts=texts)
    number = f"{paper.get_kind_display()}〔{inspection.number}〕" if paper.is_numbered else ""
    return services.issue_paper(paper=paper, actor=signer, document_number=number)


def finish_duties(world: World, inspection: Inspection) -> None:
    """The required duties of the present stage, each by whom it falls to, with the papers that they speak of."""
    actors = {"OFFICE": world.county_officer, "LEADER": world.team_leader, "TEAM": world.team_member}
    rows = inspection.duties.fitting().filter(status=DutyStatus.OPEN, template__required=True)
    for duty in rows.filter(template__stage=inspection.status).select_related("template"):
        if duty.template.paper:
            issued_paper(world, inspection, paper_for(duty.template.paper, inspection.mode))
        services.do_duty(duty=duty, actor=actors[duty.template.who])


def _new() -> dict[str, Any]:
    return {"key": uuid.uuid4(), "at": timezone.now()}


def conversation(world: World, inspection: Inspection, **fields: Any) -> Conversation:
    """A talk by team_member with spare_member beside."""
    values: dict[str, Any] = {"kind": "OLD_TEACHER", "place": "COURTYARD", "second_inspector": world.spare_member}
    values |= {"person": "李演示", "contact": "0816-0000-777", "notes": "公开栏常年不换。"}
    return services.record_conversation(inspection=inspection, actor=world.team_member, **_new() | values | fields)


def visit(world: World, inspection: Inspection, **fields: Any) -> Visit:
    values = {"kind": "HOUSEHOLD", "announced": False, "second_inspector": world.spare_member}
    values |= {"person": "王演示", "contact": "三社 12 号", "notes": "补贴与公示的数对不上。"}
    return services.record_visit(inspection=inspection, actor=world.team_member, **_new() | values | fields)


def mobilisation(world: World, inspection: Inspection, **fields: Any) -> Mobilisation:
    values = {"channel": "MARKET_STALL", "place": "场镇十字口", "reach": 80}
    return services.record_mobilisation(inspection=inspection, actor=world.team_member, **_new() | values | fields)


def document(world: World, inspection: Inspection, **fields: Any) -> ConsultedDocument:
    values = {"kind": "ACCOUNTS", "title": "村集体资金明细账", "period": "2025 年"}
    return services.record_document(inspection=inspection, actor=world.team_member, **_new() | values | fields)


def explain_gaps(world: World, inspection: Inspection, but: "tuple[str, ...]" = ()) -> None:
    """The leader says why none of 六必谈 and 四必访 was done, for all that is not told yet."""
    kinds = [str(one) for one in (*SIX_TALKS, *FOUR_VISITS) if one not in but]
    services.explain_gaps(
        inspection=inspection, actor=world.team_leader, kinds=kinds, answer="NOT_DONE", reason="汛期进村受阻"
    )


def enter(world: World, inspection: Inspection) -> Inspection:
    finish_duties(world, inspection)
    return services.enter_inspection(inspection=inspection, actor=world.team_leader)


def leave(world: World, inspection: Inspection) -> Inspection:
    finish_duties(world, inspection)
    explain_gaps(world, inspection)
    return services.leave_inspection(inspection=inspection, actor=world.team_leader)


def close(world: World, inspection: Inspection) -> Inspection:
    finish_duties(world, inspection)
    return services.close_inspection(inspection=inspection, actor=world.county_officer)


def draft_finding(world: World, inspection: Inspection | None = None, **fields: Any) -> Finding:
    """A draft by team_member, seconded by team_leader, for the deputy (spare_member) to review."""
    inspection = inspection or running_inspection(world)
    values = {
        "checklist_item": inspection.checklist.items.order_by("code").first(),
        "title": "惠民补贴发放没有公示",
        "facts": "2025 年耕地地力补贴 46 户没有在村务公开栏公示。",
        "second_inspector": world.team_leader,
    } | fields
    return services.record_finding(inspection=inspection, actor=world.team_member, **values)


def signed_finding(world: World, inspection: Inspection | None = None, **fields: Any) -> Finding:
    """SIGNED: the second inspector stands for it."""
    return services.cosign_finding(finding=draft_finding(world, inspection, **fields), actor=world.team_leader)


def reviewed_finding(world: World, inspection: Inspection | None = None, **fields: Any) -> Finding:
    """REVIEWED: the deputy has let it pass."""
    return services.review_finding(finding=signed_finding(world, inspection, **fields), actor=world.spare_member)


def confirmed_finding(world: World, inspection: Inspection | None = None, **fields: Any) -> Finding:
    """CONFIRMED: the leader has decided."""
    return decided(world, draft_finding(world, inspection, **fields))


def decided(world: World, draft: Finding) -> Finding:
    """The draft signed, reviewed and confirmed by whom it falls to."""
    signed = services.cosign_finding(finding=draft, actor=draft.second_inspector)
    reviewed = services.review_finding(finding=signed, actor=world.spare_member)
    return services.confirm_finding(finding=reviewed, actor=world.team_leader)


def left_inspection(world: World, findings: int = 1) -> Inspection:
    """AFTER, with confirmed findings."""
    inspection = running_inspection(world)
    for number in range(1, findings + 1):
        confirmed_finding(world, inspection, title=f"问题之{number}", is_common=number % 2 == 0)
    return leave(world, inspection)


def feedback_draft(world: World, findings: int = 1) -> Feedback:
    """A draft by county_officer that county_head can issue (through rectification.services.hand_over)."""
    return services.draft_feedback(inspection=left_inspection(world, findings), actor=world.county_officer)


def issued_feedback(world: World, findings: int = 1) -> Feedback:
    """Issued without the handover: for tests of this app only; elsewhere call rectification.services.hand_over."""
    return services.issue_feedback(
        feedback=feedback_draft(world, findings),
        actor=world.county_head,
        on=today(),
        deadline=today() + timedelta(days=60),
        plan_due_on=today() + timedelta(days=20),
        document_number="涪巡办反〔2026〕1号",
    )


def closed_inspection(world: World) -> Inspection:
    """CLOSED: the village is covered."""
    feedback = issued_feedback(world)
    return close(world, Inspection.objects.get(pk=feedback.inspection_id))

"""Parts of the story's places: talks, duties, a checklist, a team, items in every state, a roster, rules, a sheet."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from common import inbox
from common.calendar import today
from common.models import Message
from inspections import services as inspecting
from inspections.enums import TeamPost
from inspections.models import (
    Checklist,
    DutyList,
    DutyTemplate,
    Feedback,
    Inspection,
    InspectionFile,
    Recusal,
    Round,
    Team,
    TeamMember,
)
from oversight import services as overseeing
from rectification import services as rectifying
from rectification.models import (
    ProgressSheet,
    RectificationItem,
)
from tests.factories import assessments as a
from tests.factories import inspections as i
from tests.factories import occasions as o
from tests.factories import rectification as r
from tests.factories.world import World, told
from villages.models import RosterImport, RuleSet, Village
from villages.roster import imports
from villages.services import add_rule, begin_draft, enable_rules

OWN, SIBLING, OTHER = "own", "sibling", "other"
MARKS = {OWN: "梨花", SIBLING: "海棠", OTHER: "芙蓉"}  # each stands in every title and fact of its place
# What every talk and visit of the story holds: nobody but the team and the county's office may ever be shown it.
SOURCE = {"person": "獬豸暗名", "contact": "13900007531", "notes": "獬豸密语在此"}
CLUE = "狴犴密事在此"  # what every clue of the story says: no page, paper, row, letter or log but its own may hold it
STATES = ("assigned", "in_progress", "supervision", "verification", "closed", "party", "disputed")


def talks_of(view: World, mark: str) -> dict[str, Any]:
    """A talk of the county's head with the township that is to come, one that was held, and what follows from it."""
    planned, held = (o.talk(view, title=f"{mark}约谈{n}", held=bool(n)) for n in range(2))
    asked, answered = (o.follow_up(view, held, text=f"{mark}要求{n}") for n in range(2))
    answered = overseeing.answer_follow_up(follow_up=answered, actor=view.township_secretary, answer=f"{mark}已经落实")
    appraisal = a.appraisal(view, title=f"{mark}激励考核")
    a.commended(view, appraisal, team=Team.objects.filter(round__county=view.county).latest("pk"))
    return {"planned": planned, "held": held, "appraisal": appraisal, "asked": asked, "answered": answered}


def recused(view: World, mark: str) -> Recusal:
    """The leader of the team keeps away from a township of the other county, on a ground that bears the mark."""
    return inspecting.declare_recusal(
        user=view.team_leader,
        township=view.sibling_township if view.township == view.other_township else view.other_township,
        kind="RELATIVE",
        declared_on=today(),
        detail=f"{mark}亲属",
        actor=view.county_officer,
    )


def duties_of(view: World, inspection: Inspection) -> dict[str, Any]:
    """An open duty of the team, one done by the office, a file of the leader's, a line of the county's own list."""
    living = inspection.duties.exclude(template__stage="AFTER")
    rows = {one.template.who: one for one in living.order_by("status", "pk")}  # open ones win
    inspecting.do_duty(duty=rows["LEADER"], actor=view.team_leader, attachments=[r.photo("会商记录.jpg")])
    if not DutyList.objects.filter(county=view.county).exists():
        inspecting.adopt_duty_list(county=view.county, actor=view.county_officer)
    return {
        "duty": rows["TEAM"],
        "office_duty": rows["OFFICE"],
        "duty_line": DutyTemplate.objects.filter(duty_list__county=view.county).first(),
        "file": InspectionFile.objects.get(duty=rows["LEADER"]),
    }


def checklist_of(view: World) -> dict[str, Any]:
    """The county's draft of its own version, with an item that it has added."""
    draft = Checklist.objects.filter(county=view.county).first()
    if draft is None:
        draft = inspecting.draft_checklist(county=view.county, actor=view.county_officer)
        added = {"text": "本县增加的一条", "theme": "乡村治理"}
        inspecting.add_item(checklist=draft, actor=view.county_officer, revision=1, point_code="B1", **added)
    return {"checklist_draft": draft, "checklist_item": draft.items.get(own=True)}


def team_of(view: World, round: Round, mark: str) -> tuple[Team, TeamMember]:
    team = inspecting.create_team(
        round=round, organ=view.team_leader.organ, name=f"{mark}巡察组", actor=view.county_officer
    )
    posts = {"team_leader": TeamPost.LEADER, "spare_member": TeamPost.DEPUTY, "team_member": TeamPost.MEMBER}
    for name, post in posts.items():
        member = inspecting.add_member(team=team, user=view.people[name], post=post, actor=view.county_officer)
    if mark == MARKS[OWN]:
        past = {"starts_on": today() - timedelta(days=20), "ends_on": today() - timedelta(days=1)}
        with told():
            TeamMember.objects.create(team=team, user=view.expired_member, **past)
    i.reload_people(view)
    return team, member


def entered(view: World, round: Round, team: Team, one: Village) -> Inspection:
    inspection = round.inspections.get(village=one)
    inspection = inspecting.assign_team(inspection=inspection, team=team, actor=view.county_officer)
    inspection = i.enter(view, inspection)
    i.conversation(view, inspection, **SOURCE)
    i.visit(view, inspection, **SOURCE)
    return inspection


def with_items(view: World, inspection: Inspection, mark: str) -> tuple[Feedback, dict[str, RectificationItem]]:
    """Feedback issued 20 days ago, and one item for each state; the last is about Party building."""
    ordinary, party = inspection.checklist.items.order_by("party_building", "code")[:2]
    for state in STATES:
        finding = i.confirmed_finding(
            view,
            inspection,
            title=f"{mark}{state}",
            facts=f"{mark}村的事实",
            checklist_item=party if state == "party" else ordinary,
        )
        inspecting.cite(finding=finding, actor=view.team_member, numbers=["T-01", "F-01"])
    inspection = i.leave(view, inspection)
    feedback = inspecting.draft_feedback(inspection=inspection, actor=view.county_officer)
    made = rectifying.hand_over(feedback=feedback, actor=view.county_head, on=today() - timedelta(days=20))
    items = {one.finding.title.removeprefix(mark): one for one in made}
    items["in_progress"] = r.reported_item(view, r.open_item(view, items["in_progress"]))
    items["supervision"] = r.submitted_item(view, r.open_item(view, items["supervision"]))
    items["verification"] = r.supervised_item(view, r.open_item(view, items["verification"]))
    items["closed"] = r.closed_item(view, r.open_item(view, items["closed"]))
    items["disputed"] = r.submitted_item(view, r.open_item(view, items["disputed"]))
    r.sign(items["disputed"], view.discipline_officer, photos=[r.photo(f"{mark}现场.jpg")])
    r.sign(items["disputed"], view.supervisor, "OBJECT", opinion=f"{mark}公示栏里没有")
    return Feedback.objects.get(pk=feedback.pk), items


def roster_of(view: World) -> RosterImport:
    """A preview of the place's own roster that waits to be confirmed."""
    one = view.__dict__["spare"]
    line = f"{view.county.name},{view.township.name},{one.division.name},{one.division.code},120"
    text = f"县(市、区),乡镇(街道),村(社区)名称,统计区划代码,户数\n{line}\n"
    return imports.receive(file=BytesIO(text.encode("utf-8-sig")), name="名册.csv", actor=view.roster_admin)


def rules_of(view: World, mark: str) -> RuleSet:
    """The county's own rules in force: one for the county, made by the first of its places."""
    in_force = RuleSet.objects.filter(county=view.county, enabled_at__isnull=False, retired_at=None).first()
    if in_force:
        return in_force
    draft = begin_draft(county=view.county, actor=view.county_officer)
    given = {"field": "petitions_3y", "operator": "gte", "value": "5", "klass": "RISK", "kind": None}
    add_rule(draft=draft, actor=view.county_officer, version=1, reason=f"{mark}信访多", **given)
    return enable_rules(draft=draft, actor=view.county_head, version=2)


def sheet_of(view: World, mark: str) -> ProgressSheet:
    """A progress workbook of the township that waits to be confirmed: a row that is right and one that is not."""
    book = load_workbook(BytesIO(rectifying.progress_workbook(actor=view.township_secretary)))
    sheet, text = book.worksheets[0], [cell.value for cell in book.worksheets[0][3]].index("本次进展") + 1
    sheet.cell(4, text).value = sheet.cell(5, text).value = f"{mark}已完成"
    sheet.cell(5, 1).value = f"{mark}0001"
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return rectifying.receive_progress(file=file, name=f"{mark}.xlsx", actor=view.township_secretary)


def messaged(view: World, mark: str) -> Message:
    """A notice to the township's secretary."""
    reader, key = view.township_secretary, f"story:{mark}"
    inbox.post(recipients=[reader], kind=Message.Kind.NOTICE, key=key, title=f"{mark}通知", body="", path="/")
    return Message.objects.get(recipient=reader, key=key)

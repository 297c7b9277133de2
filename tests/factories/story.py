"""One whole story in three places: a township, its sibling in the same county, and one in another county.

Each place has a village that is being rectified (items in every state, a file, a request for more time), one in
which the team is at work (a draft, a confirmed finding), and one whose feedback waits to be issued. What is
written about a place carries its mark, so that a page can be searched for what it must not show.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from accounts.enums import OrganKind, Post
from accounts.models import User
from common import inbox
from common.calendar import today
from common.models import Message
from inspections import services as inspecting
from inspections.enums import TeamPost
from inspections.models import (
    AnnualPlan,
    Checklist,
    ChecklistItem,
    ConsultedDocument,
    Conversation,
    Duty,
    DutyList,
    DutyTemplate,
    Feedback,
    Filing,
    Finding,
    Inspection,
    InspectionFile,
    Mobilisation,
    Paper,
    Recusal,
    Round,
    Team,
    TeamMember,
    Visit,
)
from oversight import services as overseeing
from oversight.models import (
    Assessment,
    Campaign,
    CampaignTask,
    CommonIssue,
    FollowUp,
    Occasion,
    SelfCheck,
    SelfCheckNotice,
)
from rectification import services as rectifying
from rectification.models import (
    Attachment,
    Clue,
    Dissent,
    Extension,
    LedgerExport,
    LessonReceipt,
    LookbackLine,
    Measure,
    ProgressSheet,
    RectificationItem,
    UrgeLetter,
)
from tests.factories import assessments as a
from tests.factories import inspections as i
from tests.factories import occasions as o
from tests.factories import oversight as v
from tests.factories import rectification as r
from tests.factories.world import World, person, village
from villages.models import UNNAMED, Classification, RosterImport, RuleSet, SavedFilter, Village, VillageKind
from villages.roster import imports
from villages.services import add_rule, begin_draft, enable_rules, propose_class, save_filter

OWN, SIBLING, OTHER = "own", "sibling", "other"
MARKS = {OWN: "梨花", SIBLING: "海棠", OTHER: "芙蓉"}  # each stands in every title and fact of its place
# What every talk and visit of the story holds: nobody but the team and the county's office may ever be shown it.
SOURCE = {"person": "獬豸暗名", "contact": "13900007531", "notes": "獬豸密语在此"}
CLUE = "狴犴密事在此"  # what every clue of the story says: no page, paper, row, letter or log but its own may hold it
STATES = ("assigned", "in_progress", "supervision", "verification", "closed", "party", "disputed")


@dataclass
class Place:
    """What one township has, by name."""

    mark: str
    world: World
    villages: list[Village]
    village: Village
    plan: AnnualPlan
    next_plan: AnnualPlan
    round: Round
    team: Team
    member: TeamMember
    inspection: Inspection
    running: Inspection
    drafted: Inspection
    finding: Finding
    draft: Finding
    confirmed: Finding
    at_once: Finding
    feedback: Feedback
    feedback_draft: Feedback
    paper: Paper
    recusal: Recusal
    filing: Filing
    report: Paper
    items: dict[str, RectificationItem]
    measure: Measure
    attachment: Attachment
    extension: Extension
    dissent: Dissent
    lookback_line: LookbackLine
    receipt: LessonReceipt
    unclassed: Village
    proposal: Classification
    roster: RosterImport
    message: Message
    kind: VillageKind
    rule_set: RuleSet
    rule_draft: RuleSet
    saved: SavedFilter
    duty: Duty
    office_duty: Duty
    duty_line: DutyTemplate
    checklist_draft: Checklist
    checklist_item: ChecklistItem
    file: InspectionFile
    talk: Conversation
    visit: Visit
    mobilisation: Mobilisation
    document: ConsultedDocument
    sheet: ProgressSheet
    export: LedgerExport
    letter: UrgeLetter
    planned: Occasion
    held: Occasion
    appraisal: Occasion
    asked: FollowUp
    answered: FollowUp
    clue: Clue
    sent_clue: Clue
    issue: CommonIssue | None = None
    campaign: Campaign | None = None
    task: CampaignTask | None = None
    scheme: Assessment | None = None
    in_force: Assessment | None = None
    assessment: Assessment | None = None
    notice: SelfCheckNotice | None = None
    check: SelfCheck | None = None


@dataclass
class Story:
    world: World
    places: dict[str, Place] = field(default_factory=dict)


def tell(world: World) -> Story:
    """Everything, through the services, by whom the offices would have do it."""
    views = prepare(world)
    story = Story(world, {name: tell_place(view, MARKS[name]) for name, view in views.items()})
    for county in ((OWN, SIBLING), (OTHER,)):
        _common(*(story.places[name] for name in county))
    _assess(story)
    i.reload_people(world)
    return story


def _assess(story: Story) -> None:
    """The city's scheme of next year, last year's in force, and this year's result with points by hand."""
    world, year = story.world, today().year
    in_force = a.in_force(world, year=year - 1)
    scheme, assessment = a.scheme(world, year=year + 1), a.in_force(world, year=year)
    for name in (OWN, OTHER):
        place = story.places[name]
        a.points(world, assessment, "1.5", f"{place.mark}经验全市推广", place.village.county)
    assessment = a.publish(world, assessment)
    for place in story.places.values():
        place.scheme, place.in_force, place.assessment = scheme, in_force, assessment


def _common(*places: Place) -> None:
    """One county: an issue that waits for the committee, and a campaign over the ordinary findings of these places."""
    view, mark = places[0].world, places[0].mark
    issue = v.issue(view, "B2-01", analysis=f"{mark}成因")
    ordinary = places[0].items["assigned"].finding.checklist_item.code
    campaign = v.running_campaign(view, ordinary, analysis=f"{mark}成因")
    notice = v.notice(view, [place.village for place in places], text="请逐项对照检查，不走过场。")
    for place in places:
        place.notice, place.check = notice, notice.checks.get(village=place.village)
        place.issue, place.campaign = issue, campaign
        place.task = campaign.tasks.get(village=place.village)


def prepare(world: World) -> dict[str, World]:
    """The seats of each place filled, plans approved and filed, rounds open; nobody has entered a village yet."""
    own, sibling, other = _own(world), _sibling(world), _other(world)
    _plan_and_round(own, [*_villages(own, "70"), *_villages(sibling, "71")])
    _plan_and_round(other, _villages(other, "72"))
    return {OWN: own, SIBLING: sibling, OTHER: other}


def _own(world: World) -> World:
    people = world.people
    people["city_head"] = person("city_head", "市巡察办主任", world.city, OrganKind.INSPECTION_OFFICE, Post.HEAD)
    people["expired_member"] = person("expired_member", "已到期组员", world.county, OrganKind.INSPECTION_TEAM)
    people["recused_member"] = person(
        "recused_member", "须回避组员", world.county, OrganKind.INSPECTION_TEAM, native_township=world.township
    )
    return world


def _view(world: World, prefix: str, **changed: Any) -> World:
    """The same cast's seats at another place: those the world lacks are filled."""
    return replace(world, **changed, people=dict(world.people) | _seats(world, prefix, **changed))


def _seats(world: World, prefix: str, *, township: Any, village: Village, county: Any = None) -> dict[str, User]:
    k, p = OrganKind, Post
    at = county or world.county
    seats = {
        "township_secretary": (township, k.PARTY_COMMITTEE, p.HEAD),
        "discipline_officer": (township, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_OFFICER),
        "discipline_member": (township, k.TOWNSHIP_DISCIPLINE, p.DISCIPLINE_MEMBER),
        "village_secretary": (village.division, k.VILLAGE_PARTY, p.HEAD),
        "supervisor": (village.division, k.VILLAGE_SUPERVISORY, p.HEAD),
        "team_leader": (at, k.INSPECTION_TEAM, p.TEAM_LEADER),
        "spare_member": (at, k.INSPECTION_TEAM, p.OFFICER),
        "team_member": (at, k.INSPECTION_TEAM, p.OFFICER),
    }
    if county is not None:
        seats |= {
            "county_officer": (county, k.INSPECTION_OFFICE, p.OFFICER),
            "county_head": (county, k.INSPECTION_OFFICE, p.HEAD),
            "roster_admin": (county, k.INSPECTION_OFFICE, p.ROSTER_ADMINISTRATOR),
            "leading_group": (county, k.LEADING_GROUP, p.HEAD),
            "county_discipline": (county, k.DISCIPLINE_COMMISSION, p.OFFICER),
            "department_officer": (county, k.FUNCTIONAL_DEPARTMENT, p.OFFICER),
        }
    return {name: person(f"{prefix}_{name}", f"{prefix}{name}"[:40], *seat) for name, seat in seats.items()}


def _sibling(world: World) -> World:
    return _view(world, "sib", township=world.sibling_township, village=world.sibling_village)


def _other(world: World) -> World:
    return _view(world, "oth", county=world.other_county, township=world.other_township, village=world.other_village)


def _villages(view: World, digits: str) -> list[Village]:
    """The place's three villages that are inspected: the first is the cast's."""
    code = view.township.code[:9]
    more = [village(f"{code}{digits}{n}", f"{digits}{n}号村", view.township) for n in (1, 2)]
    view.__dict__["inspected"] = [view.village, *more]
    view.__dict__["spare"] = village(f"{code}{digits}3", f"{digits}3号村", view.township)
    view.__dict__["unclassed"] = village(f"{code}{digits}4", f"{digits}4号村", view.township)
    return [_classed(view, one) for one in view.__dict__["inspected"]]


def _classed(view: World, one: Village) -> Village:
    from villages.services import approve_class

    row = propose_class(village=one, klass="KEY_FOCUS", kinds=[], reason="近三年信访较多", actor=view.county_officer)
    approve_class(classification=row, actor=view.county_head)
    return Village.objects.select_related("division", "township", "county").get(pk=one.pk)


def _plan_and_round(view: World, villages: list[Village]) -> None:
    i.term(view)
    i.checklist()
    i.duty_list()
    r.deadlines()
    plan = inspecting.create_plan(county=view.county, year=today().year, actor=view.county_officer)
    inspecting.add_to_plan(plan=plan, villages=villages, wave=1, actor=view.county_officer)
    plan = inspecting.submit_plan(plan=plan, actor=view.county_officer)
    plan = inspecting.approve_plan(plan=plan, actor=view.leading_group)
    first, last = today() - timedelta(days=30), today() + timedelta(days=60)
    inspecting.open_round(plan=plan, number=1, starts_on=first, ends_on=last, actor=view.county_officer)
    inspecting.file_plan(plan=plan, actor=view.county_officer)
    inspecting.create_plan(county=view.county, year=today().year + 1, actor=view.county_officer)


def tell_place(view: World, mark: str) -> Place:
    plan = AnnualPlan.objects.get(county=view.county, year=today().year)
    round = plan.rounds.get()
    team, member = _team(view, round, mark)
    rectified, running, drafted = [_entered(view, round, team, one) for one in view.__dict__["inspected"]]
    feedback, items = _rectified(view, rectified, mark)
    draft = i.draft_finding(view, running, title=f"{mark}底稿", facts=f"{mark}村的事实")
    confirmed = i.confirmed_finding(view, running, title=f"{mark}已确认", facts=f"{mark}村的事实")
    at_once = i.confirmed_finding(view, running, title=f"{mark}立改", facts=f"{mark}村的事实", is_immediate=True)
    i.confirmed_finding(view, drafted, title=f"{mark}待反馈", facts=f"{mark}村的事实")
    drafted = i.leave(view, drafted)
    waiting = inspecting.draft_feedback(inspection=drafted, actor=view.county_officer)
    progress = items["in_progress"]
    extension = rectifying.ask_extension(
        item=progress,
        actor=view.township_secretary,
        new_deadline=progress.deadline + timedelta(days=10),
        reason=f"{mark}汛期停工",
    )
    rectifying.urge_items(items=[progress], actor=view.county_officer, text=f"{mark}请抓紧")
    proposal = propose_class(
        village=view.__dict__["spare"], klass="RISK", kinds=[], reason=f"{mark}信访", actor=view.county_officer
    )
    return Place(
        mark=mark,
        world=view,
        villages=view.__dict__["inspected"],
        village=view.village,
        plan=plan,
        next_plan=AnnualPlan.objects.get(county=view.county, year=today().year + 1),
        round=round,
        team=team,
        member=member,
        inspection=Inspection.objects.get(pk=rectified.pk),
        running=running,
        drafted=drafted,
        finding=items["assigned"].finding,
        draft=draft,
        confirmed=confirmed,
        at_once=at_once,
        feedback=feedback,
        feedback_draft=waiting,
        recusal=_recusal(view, mark),
        filing=plan.filings.get(),
        paper=inspecting.draft_paper(inspection=running, kind="PLAN", actor=view.county_officer),
        report=inspecting.draft_paper(inspection=drafted, kind="REPORT", actor=view.team_member),
        items=items,
        measure=progress.measures.first(),
        attachment=progress.attachments.get(),
        extension=extension,
        unclassed=view.__dict__["unclassed"],
        proposal=proposal,
        roster=_roster(view),
        message=_message(view, mark),
        kind=VillageKind.objects.get_or_create(code="KEY_UNNAMED_1", klass="KEY_FOCUS", name=UNNAMED, order=5)[0],
        rule_set=_rules(view, mark),
        rule_draft=begin_draft(county=view.county, actor=view.county_officer),
        saved=save_filter(name=f"{mark}筛选", asked={"q": mark}, actor=view.township_secretary),
        **_duties(view, running),
        **_checklist(view),
        talk=running.conversations.get(),
        visit=running.visits.get(),
        mobilisation=i.mobilisation(view, running, place=f"{mark}场镇"),
        document=i.document(view, running, title=f"{mark}明细账"),
        sheet=_sheet(view, mark),
        dissent=items["disputed"].dissents.get(),
        receipt=r.issued_lesson(view, mark).receipts.get(organ=view.township_secretary.organ),
        lookback_line=r.lookback(view, township=view.township).lines.get(),
        letter=UrgeLetter.objects.get(lines__item=progress),
        export=LedgerExport.objects.create(
            kind="LEDGER",
            asked_by=view.township_secretary,
            organ=view.township_secretary.organ,
            asked={"tab": "open", "sort": "", "filters": {"q": mark}},
        ),
        clue=r.clue(view, running, body=CLUE),
        sent_clue=r.sent_clue(view, running, body=CLUE),
        **_talks(view, mark),
    )


def _talks(view: World, mark: str) -> dict[str, Any]:
    """A talk of the county's head with the township that is to come, one that was held, and what follows from it."""
    planned, held = (o.talk(view, title=f"{mark}约谈{n}", held=bool(n)) for n in range(2))
    asked, answered = (o.follow_up(view, held, text=f"{mark}要求{n}") for n in range(2))
    answered = overseeing.answer_follow_up(follow_up=answered, actor=view.township_secretary, answer=f"{mark}已经落实")
    appraisal = a.appraisal(view, title=f"{mark}激励考核")
    a.commended(view, appraisal, team=Team.objects.filter(round__county=view.county).latest("pk"))
    return {"planned": planned, "held": held, "appraisal": appraisal, "asked": asked, "answered": answered}


def _recusal(view: World, mark: str) -> Recusal:
    """The leader of the team keeps away from a township of the other county, on a ground that bears the mark."""
    return inspecting.declare_recusal(
        user=view.team_leader,
        township=view.sibling_township if view.township == view.other_township else view.other_township,
        kind="RELATIVE",
        declared_on=today(),
        detail=f"{mark}亲属",
        actor=view.county_officer,
    )


def _duties(view: World, inspection: Inspection) -> dict[str, Any]:
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


def _checklist(view: World) -> dict[str, Any]:
    """The county's draft of its own version, with an item that it has added."""
    draft = Checklist.objects.filter(county=view.county).first()
    if draft is None:
        draft = inspecting.draft_checklist(county=view.county, actor=view.county_officer)
        added = {"text": "本县增加的一条", "theme": "乡村治理"}
        inspecting.add_item(checklist=draft, actor=view.county_officer, revision=1, point_code="B1", **added)
    return {"checklist_draft": draft, "checklist_item": draft.items.get(own=True)}


def _team(view: World, round: Round, mark: str) -> tuple[Team, TeamMember]:
    team = inspecting.create_team(
        round=round, organ=view.team_leader.organ, name=f"{mark}巡察组", actor=view.county_officer
    )
    posts = {"team_leader": TeamPost.LEADER, "spare_member": TeamPost.DEPUTY, "team_member": TeamPost.MEMBER}
    for name, post in posts.items():
        member = inspecting.add_member(team=team, user=view.people[name], post=post, actor=view.county_officer)
    if mark == MARKS[OWN]:
        TeamMember.objects.create(
            team=team,
            user=view.expired_member,
            starts_on=today() - timedelta(days=20),
            ends_on=today() - timedelta(days=1),
        )
    i.reload_people(view)
    return team, member


def _entered(view: World, round: Round, team: Team, one: Village) -> Inspection:
    inspection = round.inspections.get(village=one)
    inspection = inspecting.assign_team(inspection=inspection, team=team, actor=view.county_officer)
    inspection = i.enter(view, inspection)
    i.conversation(view, inspection, **SOURCE)
    i.visit(view, inspection, **SOURCE)
    return inspection


def _rectified(view: World, inspection: Inspection, mark: str) -> tuple[Feedback, dict[str, RectificationItem]]:
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


def _roster(view: World) -> RosterImport:
    """A preview of the place's own roster that waits to be confirmed."""
    one = view.__dict__["spare"]
    line = f"{view.county.name},{view.township.name},{one.division.name},{one.division.code},120"
    text = f"县(市、区),乡镇(街道),村(社区)名称,统计区划代码,户数\n{line}\n"
    return imports.receive(file=BytesIO(text.encode("utf-8-sig")), name="名册.csv", actor=view.roster_admin)


def _rules(view: World, mark: str) -> RuleSet:
    """The county's own rules in force: one for the county, made by the first of its places."""
    in_force = RuleSet.objects.filter(county=view.county, enabled_at__isnull=False, retired_at=None).first()
    if in_force:
        return in_force
    draft = begin_draft(county=view.county, actor=view.county_officer)
    given = {"field": "petitions_3y", "operator": "gte", "value": "5", "klass": "RISK", "kind": None}
    add_rule(draft=draft, actor=view.county_officer, version=1, reason=f"{mark}信访多", **given)
    return enable_rules(draft=draft, actor=view.county_head, version=2)


def _sheet(view: World, mark: str) -> ProgressSheet:
    """A progress workbook of the township that waits to be confirmed: a row that is right and one that is not."""
    book = load_workbook(BytesIO(rectifying.progress_workbook(actor=view.township_secretary)))
    sheet, text = book.worksheets[0], [cell.value for cell in book.worksheets[0][3]].index("本次进展") + 1
    sheet.cell(4, text).value = sheet.cell(5, text).value = f"{mark}已完成"
    sheet.cell(5, 1).value = f"{mark}0001"
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return rectifying.receive_progress(file=file, name=f"{mark}.xlsx", actor=view.township_secretary)


def _message(view: World, mark: str) -> Message:
    """A notice to the township's secretary."""
    reader, key = view.township_secretary, f"story:{mark}"
    inbox.post(recipients=[reader], kind=Message.Kind.NOTICE, key=key, title=f"{mark}通知", body="", path="/")
    return Message.objects.get(recipient=reader, key=key)

"""One whole story in three places: a township, its sibling in the same county, and one in another county.

Each place has a village that is being rectified (items in every state, a file, a request for more time), one in
which the team is at work (a draft, a confirmed finding), and one whose feedback waits to be issued. What is
written about a place carries its mark, so that a page can be searched for what it must not show.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from accounts.enums import OrganKind, Post
from accounts.models import User
from common.calendar import today
from common.models import Message
from inspections import services as inspecting
from inspections.models import (
    AnnualPlan,
    Checklist,
    ChecklistItem,
    ConsultedDocument,
    Conversation,
    Duty,
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
from oversight.models import (
    Assessment,
    Campaign,
    CampaignTask,
    Circular,
    CircularReceipt,
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
from tests.factories import oversight as v
from tests.factories import rectification as r
from tests.factories.story_parts import (
    CLUE,
    MARKS,
    OTHER,
    OWN,
    SIBLING,
    checklist_of,
    duties_of,
    entered,
    messaged,
    recused,
    roster_of,
    rules_of,
    sheet_of,
    talks_of,
    team_of,
    with_items,
)
from tests.factories.world import World, person, village
from villages.models import UNNAMED, Classification, RosterImport, RuleSet, SavedFilter, Village, VillageKind
from villages.services import begin_draft, propose_class, save_filter


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
    circular: Circular
    sent_circular: CircularReceipt
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
    team, member = team_of(view, round, mark)
    rectified, running, drafted = [entered(view, round, team, one) for one in view.__dict__["inspected"]]
    feedback, items = with_items(view, rectified, mark)
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
        recusal=recused(view, mark),
        filing=plan.filings.get(),
        # with the duty list of the reference data, entering has issued it
        paper=running.papers.filter(kind="PLAN").first()
        or inspecting.draft_paper(inspection=running, kind="PLAN", actor=view.county_officer),
        report=inspecting.draft_paper(inspection=drafted, kind="REPORT", actor=view.team_member),
        items=items,
        measure=progress.measures.first(),
        attachment=progress.attachments.get(),
        extension=extension,
        unclassed=view.__dict__["unclassed"],
        proposal=proposal,
        roster=roster_of(view),
        message=messaged(view, mark),
        kind=VillageKind.objects.get_or_create(code="KEY_UNNAMED_1", klass="KEY_FOCUS", name=UNNAMED, order=5)[0],
        rule_set=rules_of(view, mark),
        rule_draft=begin_draft(county=view.county, actor=view.county_officer),
        saved=save_filter(name=f"{mark}筛选", asked={"q": mark}, actor=view.township_secretary),
        **duties_of(view, running),
        **checklist_of(view),
        talk=running.conversations.get(),
        visit=running.visits.get(),
        mobilisation=i.mobilisation(view, running, place=f"{mark}场镇"),
        document=i.document(view, running, title=f"{mark}明细账"),
        sheet=sheet_of(view, mark),
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
        circular=v.circular(view),
        sent_circular=v.issued(view, v.circular(view)).receipts.get(),
        **talks_of(view, mark),
    )

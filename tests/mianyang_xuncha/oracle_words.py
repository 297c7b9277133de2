"""The words in which the oracle speaks: kinds of people, rows, and the objects of a place that addresses name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories.story import Place
from tests.factories.story_parts import OTHER, OWN, SIBLING

COUNTY = frozenset({OWN, SIBLING})
ALL, NONE = frozenset({OWN, SIBLING, OTHER}), frozenset()
SAME_COUNTY = {OWN: COUNTY, SIBLING: COUNTY, OTHER: frozenset({OTHER})}

# person of the cast → (kind, places within reach)
PEOPLE: dict[str, tuple[str, frozenset[str]]] = {
    "city_officer": ("city", ALL),
    "city_roster_admin": ("city_roster", ALL),
    "city_head": ("city_head", ALL),
    "county_officer": ("office", COUNTY),
    "county_head": ("head", COUNTY),
    "roster_admin": ("roster", COUNTY),
    "other_county_officer": ("office", frozenset({OTHER})),
    "other_county_head": ("head", frozenset({OTHER})),
    "leading_group": ("leading", COUNTY),
    "team_leader": ("leader", frozenset({OWN})),
    "spare_member": ("deputy", frozenset({OWN})),
    "team_member": ("member", frozenset({OWN})),
    "expired_member": ("former", NONE),  # was on the team until yesterday
    "recused_member": ("idle", NONE),  # on no team
    "county_discipline": ("discipline", COUNTY),
    "org_officer": ("organisation", COUNTY),
    "department_officer": ("department", COUNTY),
    "township_secretary": ("committee", frozenset({OWN})),
    "township_officer": ("committee", frozenset({OWN})),
    "sibling_township_secretary": ("committee", frozenset({SIBLING})),
    "other_township_secretary": ("committee", frozenset({OTHER})),
    "discipline_officer": ("township_discipline", frozenset({OWN})),
    "discipline_member": ("township_discipline", frozenset({OWN})),
    "sibling_discipline_officer": ("township_discipline", frozenset({SIBLING})),
    "village_secretary": ("village", frozenset({OWN})),
    "other_village_secretary": ("village", NONE),  # another village of the same township
    "supervisor": ("supervisory", frozenset({OWN})),
    "other_supervisor": ("supervisory", NONE),
    "sysadmin": ("sysadmin", ALL),
    "auditor": ("auditor", ALL),
}
KINDS = frozenset(kind for kind, _reach in PEOPLE.values())


def kinds(text: str) -> frozenset[str]:
    found = frozenset(text.split())
    assert found <= KINDS, found - KINDS
    return found


CITY = "city city_roster city_head"
HEADS = "head city_head"  # look after the accounts of their own place
OFFICE = "office head roster"
KEEPERS = "city_roster city_head"  # of what the city gives to all counties
IMPORTERS = f"{KEEPERS} head roster"
ABOVE = f"{CITY} {OFFICE} leading"
LEADERS = "leader deputy"
TEAM = f"{LEADERS} member"
BELOW = "committee township_discipline village supervisory"
BUSINESS = f"{ABOVE} {TEAM} discipline organisation department {BELOW}"
EVERYBODY = " ".join(sorted(KINDS))
NOT_STAFF = f"{BUSINESS} idle former"

Kwargs = Callable[[Place], dict[str, Any]]
Data = Callable[[Place], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    kwargs: Kwargs | None = None
    data: Data | None = None
    hidden: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    public: bool = False
    shared: bool = False  # one object for the county: the sibling's is the own
    everywhere: bool = False  # one object for the city, which every county may look at
    only: str = ""  # the one person of the own place to whom the object belongs
    query: str = ""
    also: str = ""  # the URL's name, when this row is a second look at it

    @property
    def has_object(self) -> bool:
        return self.kwargs is not None or self.data is not None


def page(get: str, post: str | None = None, **more: Any) -> Row:
    """A page without object."""
    return Row(kinds(get), None if post is None else kinds(post), **more)


def act(post: str, **more: Any) -> Row:
    """POST only, on the objects named in the data, or on none."""
    return Row(None, kinds(post), **more)


def of(get: Callable[[Place], Any], key: str = "pk") -> Kwargs:
    return lambda place: {key: get(place)}


def ids(get: Callable[[Place], Any]) -> Data:
    return lambda place: {"ids": [get(place)]}


def obj(get: str | None, post: str | None, kwargs: Kwargs, **more: Any) -> Row:
    more = {key: kinds(value) if key in ("hidden", "refused") else value for key, value in more.items()}
    return Row(None if get is None else kinds(get), None if post is None else kinds(post), kwargs, **more)


def item(state: str) -> Kwargs:
    return of(lambda place: place.items[state].pk)


def seat(name: str) -> Kwargs:
    """The account of whoever sits there in the place's own county."""
    return of(lambda place: place.world.people[name].pk)


CODE = of(lambda place: place.village.division.code, "code")
TOWNSHIP = of(lambda place: place.village.township.code, "code")
SPARE = of(lambda place: place.proposal.village.division.code, "code")
PLAN, NEXT_PLAN = of(lambda place: place.plan.pk), of(lambda place: place.next_plan.pk)
ROUND, TEAM_PK = of(lambda place: place.round.pk), of(lambda place: place.team.pk)
MEMBER = of(lambda place: place.member.pk)
DONE, RUNNING = of(lambda place: place.inspection.pk), of(lambda place: place.running.pk)
DRAFTED = of(lambda place: place.drafted.pk)
FINDING, DRAFT = of(lambda place: place.finding.pk), of(lambda place: place.draft.pk)
CONFIRMED = of(lambda place: place.confirmed.pk)
LESSON = of(lambda place: place.receipt.lesson_id)
RECEIPT = of(lambda place: place.receipt.pk)
LOOKBACK = of(lambda place: place.lookback_line.lookback_id)
PAPER, REPORT = of(lambda place: place.paper.pk), of(lambda place: place.report.pk)
ISSUED = of(lambda place: place.feedback.pk)
WAITING = of(lambda place: place.feedback_draft.pk)
KIND, SAVED = of(lambda place: place.kind.pk), of(lambda place: place.saved.pk)
RULES, RULE_DRAFT = of(lambda place: place.rule_set.pk), of(lambda place: place.rule_draft.pk)
ROSTER = of(lambda place: place.roster.pk)
ACCOUNT, EDIT = of(lambda place: place.world.township_secretary.pk), "accounts:user_edit"
MESSAGE, SHEET = of(lambda place: place.message.pk), of(lambda place: place.sheet.pk)
EXPORT = of(lambda place: place.export.pk)
TEAM_DUTY, OFFICE_DUTY = of(lambda place: place.duty.pk), of(lambda place: place.office_duty.pk)
TALK, VISIT = of(lambda place: place.talk.pk), of(lambda place: place.visit.pk)
TOLD, READ = of(lambda place: place.mobilisation.pk), of(lambda place: place.document.pk)
TERM = of(lambda place: place.plan.term_id)
RECUSAL, FILING = of(lambda place: place.recusal.pk), of(lambda place: place.filing.pk)
CLUE, SENT_CLUE = of(lambda place: place.clue.pk), of(lambda place: place.sent_clue.pk)
PLANNED, HELD = of(lambda place: place.planned.pk), of(lambda place: place.held.pk)
ASKED, ANSWERED = of(lambda place: place.asked.pk), of(lambda place: place.answered.pk)
ORGANS = "discipline organisation department"  # answer for what their own organ was asked
DUTY_LINE = of(lambda place: place.duty_line.pk)
WORKERS = "office head"
ISSUE, CAMPAIGN = of(lambda place: place.issue.pk), of(lambda place: place.campaign.pk)
TASK = of(lambda place: place.task.pk)
NOTICE, CHECK = of(lambda place: place.notice.pk), of(lambda place: place.check.pk)
SCHEME, ASSESSED = of(lambda place: place.scheme.pk), of(lambda place: place.assessment.pk)
IN_FORCE = of(lambda place: place.in_force.pk)
APPRAISAL = of(lambda place: place.appraisal.pk)
VERSIONERS = f"city city_head {WORKERS}"
ENABLERS = "head city_head"
LIST_DRAFT, LIST_ITEM = of(lambda place: place.checklist_draft.pk), of(lambda place: place.checklist_item.pk)
BEFORE_FEEDBACK = f"{CITY} discipline organisation department {BELOW}"


def SCORED(place: Place) -> dict[str, Any]:
    return {"pk": place.assessment.pk, "county": place.village.county_id}


def RULE(place: Place) -> dict[str, Any]:
    return {"pk": place.rule_draft.pk, "rule": place.rule_draft.rules.first().pk}


CIRCULAR = of(lambda place: place.circular.pk)
SENT_CIRCULAR = of(lambda place: place.sent_circular.circular_id)
CIRCULAR_RECEIPT = of(lambda place: place.sent_circular.pk)
READERS = f"{WORKERS} leading {ORGANS} committee township_discipline village"  # units that are sent circulars
ELSEWHERE = f"{WORKERS} leading {ORGANS} township_discipline village"  # of them those that this one was not sent to

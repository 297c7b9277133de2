"""Who must get what answer at which address: written by hand from the table "who sees what" of the design.

Nothing here is read from the policy: this is the other opinion, with which the program is compared cell by cell.
A row names, for GET and for POST, the kinds of people who have the act at all (others: 403). Whoever has it gets
the page where the object lies within reach, else 404. `hidden` have the act, but not on this object (404);
`refused` see the object, but this act on it is not theirs (403). None means the method is not allowed (405).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories.story import OTHER, OWN, SIBLING, Place

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


ORACLE: dict[str, Row] = {
    # above all apps
    "home": page(EVERYBODY),
    "search": page(EVERYBODY, query="q=510"),
    "healthz": page(EVERYBODY, public=True),
    "inbox": page(EVERYBODY),
    "inbox_mark": act(EVERYBODY),
    "inbox_message": obj(EVERYBODY, None, MESSAGE, only="township_secretary"),
    "inbox_open": obj(None, EVERYBODY, MESSAGE, only="township_secretary"),
    # accounts
    "accounts:sign_in": page(EVERYBODY, EVERYBODY, public=True),
    "accounts:sign_out": act(EVERYBODY),
    "accounts:password": page(EVERYBODY, EVERYBODY),
    "accounts:users": page(f"sysadmin {HEADS}"),
    "accounts:user_place": page(f"sysadmin {HEADS}"),
    "accounts:user_add": obj(f"sysadmin {HEADS}", f"sysadmin {HEADS}", CODE, hidden="city_head"),
    "accounts:user_edit": obj(f"sysadmin {HEADS}", f"sysadmin {HEADS}", ACCOUNT, hidden="city_head"),
    "accounts:user_edit#leading": obj(
        f"sysadmin {HEADS}", None, seat("leading_group"), shared=True, hidden="city_head", refused="head", also=EDIT
    ),
    "accounts:user_edit#head": obj(
        f"sysadmin {HEADS}", None, seat("county_head"), shared=True, hidden="city_head", refused="head", also=EDIT
    ),
    "accounts:user_edit#city": obj(f"sysadmin {HEADS}", None, seat("city_officer"), hidden="head", also=EDIT),
    "accounts:user_edit#auditor": obj(f"sysadmin {HEADS}", None, seat("auditor"), hidden=HEADS, also=EDIT),
    "accounts:user_active": obj(None, f"sysadmin {HEADS}", ACCOUNT, hidden="city_head"),
    "accounts:user_reset": obj(None, f"sysadmin {HEADS}", ACCOUNT, hidden="city_head"),
    "accounts:user_countersign": obj(None, "sysadmin", ACCOUNT),
    "accounts:audit": page("auditor"),
    "accounts:audit_export": page("auditor"),
    # villages
    "villages:list": page(BUSINESS),
    "villages:export": page(f"{ABOVE} committee township_discipline"),
    "villages:detail": obj(BUSINESS, None, CODE),
    "villages:history": obj(BUSINESS, None, CODE),
    "villages:edit": obj(OFFICE, OFFICE, CODE),
    "villages:classify": page(ABOVE),
    "villages:propose": obj(OFFICE, OFFICE, CODE),
    "villages:classes_propose": act(OFFICE, data=ids(lambda place: place.unclassed.pk)),
    "villages:classes_approve": act("head", data=ids(lambda place: place.proposal.pk)),
    "villages:classes_reject": act("head", data=ids(lambda place: place.proposal.pk)),
    "villages:kinds": page(ABOVE),
    "villages:kind_name": obj(KEEPERS, KEEPERS, KIND),
    "villages:rules": page(ABOVE),
    "villages:rules_draft": act(f"{KEEPERS} {OFFICE}"),
    "villages:rule_set": obj(ABOVE, None, RULES, shared=True),
    "villages:rule_set#draft": obj(
        ABOVE, None, RULE_DRAFT, shared=True, hidden=f"{CITY} leading", also="villages:rule_set"
    ),
    "villages:rules_try": obj(ABOVE, None, RULES, shared=True),
    "villages:rule_add": obj(f"{KEEPERS} {OFFICE}", f"{KEEPERS} {OFFICE}", RULE_DRAFT, shared=True, hidden=KEEPERS),
    "villages:rule_edit": obj(f"{KEEPERS} {OFFICE}", f"{KEEPERS} {OFFICE}", RULE, shared=True, hidden=KEEPERS),
    "villages:rule_move": obj(None, f"{KEEPERS} {OFFICE}", RULE, shared=True, hidden=KEEPERS),
    "villages:rule_remove": obj(None, f"{KEEPERS} {OFFICE}", RULE, shared=True, hidden=KEEPERS),
    "villages:rules_discard": obj(None, f"{KEEPERS} {OFFICE}", RULE_DRAFT, shared=True, hidden=KEEPERS),
    "villages:rules_enable": obj(None, f"{KEEPERS} head", RULE_DRAFT, shared=True, hidden=KEEPERS),
    "villages:rules_restore": obj(None, f"{KEEPERS} head", RULES, shared=True, refused=KEEPERS),
    "villages:marks": page(f"{CITY} {OFFICE}"),
    "villages:mark_set": act(f"{CITY} {OFFICE}", data=ids(lambda place: place.world.township.pk)),
    "villages:saved_add": act(BUSINESS),
    "villages:saved_open": obj(BUSINESS, None, SAVED, only="township_secretary"),
    "villages:saved_delete": obj(None, BUSINESS, SAVED, only="township_secretary"),
    "villages:import": page(IMPORTERS, IMPORTERS),
    "villages:import_template": page(IMPORTERS),
    "villages:import_detail": obj(IMPORTERS, None, ROSTER, shared=True),
    "villages:import_commit": obj(None, IMPORTERS, ROSTER, shared=True),
    "villages:import_recheck": obj(None, IMPORTERS, ROSTER, shared=True),
    "villages:import_discard": obj(None, IMPORTERS, ROSTER, shared=True),
    "villages:import_refused": obj(IMPORTERS, None, ROSTER, shared=True),
    "villages:adjustments": page(IMPORTERS),
    "villages:adjust_township": obj(IMPORTERS, IMPORTERS, TOWNSHIP),
    "villages:township_change": obj(IMPORTERS, IMPORTERS, TOWNSHIP),
    "villages:set_aside": obj(None, IMPORTERS, ROSTER, shared=True),
    "villages:restore": obj(IMPORTERS, IMPORTERS, CODE),
    # inspections
    "inspections:coverage": page(NOT_STAFF),
    "inspections:checklist": page(NOT_STAFF),
    "inspections:checklist_compare": page(NOT_STAFF),
    "inspections:checklist_hits": page(BUSINESS),
    "inspections:checklist_begin": act(VERSIONERS),
    "inspections:checklist_draft": obj(VERSIONERS, None, LIST_DRAFT, shared=True, hidden="city city_head"),
    "inspections:checklist_item_new": obj(VERSIONERS, VERSIONERS, LIST_DRAFT, shared=True, hidden="city city_head"),
    "inspections:checklist_item_restore": obj(None, VERSIONERS, LIST_DRAFT, shared=True, hidden="city city_head"),
    "inspections:checklist_enable": obj(ENABLERS, ENABLERS, LIST_DRAFT, shared=True, hidden="city_head"),
    "inspections:checklist_discard": obj(None, VERSIONERS, LIST_DRAFT, shared=True, hidden="city city_head"),
    "inspections:checklist_item": obj(VERSIONERS, VERSIONERS, LIST_ITEM, shared=True, hidden="city city_head"),
    "inspections:checklist_item_retire": obj(None, VERSIONERS, LIST_ITEM, shared=True, hidden="city city_head"),
    "inspections:term_new": page("city city_head", "city city_head"),
    "inspections:term_edit": obj("city city_head", "city city_head", TERM, shared=True),
    "inspections:recusals": page(f"{WORKERS} city city_head"),
    "inspections:recusal_new": page(f"{WORKERS} city city_head", f"{WORKERS} city city_head"),
    "inspections:recusal_lift": obj(None, f"{WORKERS} city city_head", RECUSAL, shared=True, hidden="city city_head"),
    "inspections:forces": page(f"{OFFICE} leading", f"{OFFICE} leading"),
    "inspections:filings": page(ABOVE),
    "inspections:filing": obj(ABOVE, None, FILING, shared=True),
    "inspections:filing_accept": obj(None, "city city_head", FILING, shared=True),
    "inspections:filing_return": obj(None, "city city_head", FILING, shared=True),
    "inspections:plans": page(ABOVE),
    "inspections:plan_new": page(WORKERS, WORKERS),
    "inspections:plan": obj(ABOVE, None, PLAN, shared=True),
    "inspections:plan#not filed": obj(ABOVE, None, NEXT_PLAN, shared=True, hidden=CITY, also="inspections:plan"),
    "inspections:plan_pick": obj(WORKERS, WORKERS, NEXT_PLAN, shared=True),
    "inspections:plan_entries": obj(None, WORKERS, NEXT_PLAN, shared=True),
    "inspections:plan_suggest": obj(WORKERS, WORKERS, NEXT_PLAN, shared=True),
    "inspections:plan_submit": obj(None, WORKERS, NEXT_PLAN, shared=True),
    "inspections:plan_approve": obj(None, "leading", NEXT_PLAN, shared=True),
    "inspections:plan_return": obj(None, "leading", NEXT_PLAN, shared=True),
    "inspections:plan_file": obj(None, WORKERS, PLAN, shared=True),
    "inspections:plan_revise": obj(None, WORKERS, PLAN, shared=True),
    "inspections:round_new": obj(WORKERS, WORKERS, PLAN, shared=True),
    "inspections:round": obj(f"{ABOVE} {TEAM}", None, ROUND, shared=True),
    "inspections:round_edit": obj(WORKERS, WORKERS, ROUND, shared=True),
    "inspections:round_file": obj(None, WORKERS, ROUND, shared=True),
    "inspections:round_assign": obj(None, WORKERS, ROUND, shared=True),
    "inspections:team_new": obj(WORKERS, WORKERS, ROUND, shared=True),
    "inspections:member_new": obj(WORKERS, WORKERS, TEAM_PK),
    "inspections:member_edit": obj(WORKERS, WORKERS, MEMBER),
    "inspections:member_end": obj(None, WORKERS, MEMBER),
    "inspections:list": page(f"{OFFICE} leading {TEAM}"),
    "inspections:detail": obj(f"{OFFICE} leading {TEAM}", None, RUNNING),
    "inspections:arrange": obj(WORKERS, WORKERS, RUNNING),
    "inspections:enter": obj(None, LEADERS, RUNNING),
    "inspections:leave": obj(None, LEADERS, RUNNING),
    "inspections:close": obj(None, WORKERS, DONE),
    "inspections:cancel": obj(None, WORKERS, RUNNING),
    "inspections:duties": obj(f"{OFFICE} leading {TEAM}", None, RUNNING),
    "inspections:duties_done": obj(None, f"{WORKERS} {TEAM}", RUNNING),
    "inspections:duty_do": obj(f"{WORKERS} {TEAM}", f"{WORKERS} {TEAM}", TEAM_DUTY, refused=WORKERS),
    "inspections:duty_do#office": obj(f"{WORKERS} {TEAM}", None, OFFICE_DUTY, refused=TEAM, also="inspections:duty_do"),
    "inspections:duty_waive": obj(None, f"head {LEADERS}", TEAM_DUTY),
    "inspections:duty_undo": obj(None, f"{WORKERS} {TEAM}", OFFICE_DUTY, refused=TEAM),
    "inspections:fieldwork": obj(f"{OFFICE} leading {TEAM}", None, RUNNING),
    "inspections:talk_new": obj(TEAM, TEAM, RUNNING),
    "inspections:talk_edit": obj(TEAM, TEAM, TALK),
    "inspections:talk_void": obj(LEADERS, LEADERS, TALK),
    "inspections:talk_reveal": obj(None, f"{WORKERS} {TEAM}", TALK),
    "inspections:visit_new": obj(TEAM, TEAM, RUNNING),
    "inspections:visit_edit": obj(TEAM, TEAM, VISIT),
    "inspections:visit_void": obj(LEADERS, LEADERS, VISIT),
    "inspections:visit_reveal": obj(None, f"{WORKERS} {TEAM}", VISIT),
    "inspections:mobilisation_new": obj(TEAM, TEAM, RUNNING),
    "inspections:mobilisation_edit": obj(TEAM, TEAM, TOLD),
    "inspections:mobilisation_void": obj(LEADERS, LEADERS, TOLD),
    "inspections:document_new": obj(TEAM, TEAM, RUNNING),
    "inspections:document_edit": obj(TEAM, TEAM, READ),
    "inspections:document_void": obj(LEADERS, LEADERS, READ),
    "inspections:gaps": obj(TEAM, TEAM, RUNNING),
    "inspections:file": obj(f"{OFFICE} leading {TEAM}", None, of(lambda place: place.file.pk)),
    "inspections:duty_list": page(f"{OFFICE} leading"),
    "inspections:duty_list_adopt": act(WORKERS),
    "inspections:duty_template_new": page(WORKERS, WORKERS),
    "inspections:duty_template": obj(WORKERS, WORKERS, DUTY_LINE, shared=True),
    "inspections:duty_template_retire": obj(None, WORKERS, DUTY_LINE, shared=True),
    "inspections:duty_template_move": obj(None, WORKERS, DUTY_LINE, shared=True),
    "inspections:findings": page(BUSINESS),
    "inspections:finding": obj(BUSINESS, None, FINDING, hidden="organisation"),
    "inspections:finding#party": obj(
        BUSINESS,
        None,
        of(lambda place: place.items["party"].finding_id),
        hidden="department",
        also="inspections:finding",
    ),
    "inspections:finding#draft": obj(BUSINESS, None, DRAFT, hidden=BEFORE_FEEDBACK, also="inspections:finding"),
    "inspections:finding#confirmed": obj(BUSINESS, None, CONFIRMED, hidden=BEFORE_FEEDBACK, also="inspections:finding"),
    "inspections:finding_new": obj(TEAM, TEAM, RUNNING),
    "inspections:finding_edit": obj(TEAM, TEAM, DRAFT),
    "inspections:figures": page(ABOVE),
    "inspections:cite": obj(TEAM, TEAM, DRAFT),
    "inspections:findings_export": page(f"{WORKERS} leading {LEADERS}"),
    "inspections:finding_cosign": obj(None, TEAM, DRAFT, refused="deputy member"),
    "inspections:finding_review": obj(None, "deputy", DRAFT),
    "inspections:finding_confirm": obj(None, LEADERS, DRAFT, refused="deputy"),
    "inspections:finding_merge": obj(LEADERS, LEADERS, DRAFT),
    "inspections:finding_reject": obj(None, LEADERS, DRAFT),
    "inspections:finding_reopen": obj(None, LEADERS, CONFIRMED),
    "inspections:feedback": obj(f"{ABOVE} {TEAM} {BELOW}", f"{WORKERS} {TEAM}", DONE),
    "inspections:feedback#waiting": obj(
        f"{ABOVE} {TEAM} {BELOW}", None, DRAFTED, hidden=f"{CITY} {BELOW}", also="inspections:feedback"
    ),
    "inspections:feedback_draft": obj(None, WORKERS, RUNNING, refused="head"),
    "inspections:feedback_renew": obj(None, f"{WORKERS} {TEAM}", DRAFTED),
    "inspections:feedback_file": obj(f"{ABOVE} {TEAM} {BELOW}", None, DONE),
    "inspections:paper_draft": obj(None, f"{WORKERS} {TEAM}", RUNNING, data=lambda place: {"kind": "NOTICE"}),
    "inspections:paper": obj(f"{OFFICE} leading {TEAM}", f"{WORKERS} {TEAM}", PAPER),
    "inspections:paper_renew": obj(None, f"{WORKERS} {TEAM}", PAPER),
    "inspections:paper_correct": obj(None, f"{WORKERS} {TEAM}", PAPER),
    "inspections:paper_issue": obj(f"head {LEADERS}", f"head {LEADERS}", PAPER, refused=LEADERS),
    "inspections:paper_issue#report": obj(f"head {LEADERS}", None, REPORT, also="inspections:paper_issue"),
    "inspections:paper_file": obj(f"{OFFICE} leading {TEAM}", None, PAPER),
    # rectification
    "rectification:list": page(BUSINESS),
    "rectification:export": page(f"{ABOVE} committee township_discipline"),
    "rectification:ledger_export": obj(
        f"{ABOVE} committee township_discipline", None, EXPORT, only="township_secretary"
    ),
    "rectification:ledger_export_file": obj(
        f"{ABOVE} committee township_discipline", None, EXPORT, only="township_secretary"
    ),
    "rectification:tasks": page(BUSINESS),
    "rectification:progress": page("committee village", "committee village"),
    "rectification:progress_download": page("committee village"),
    "rectification:progress_sheet": obj("committee village", None, SHEET, only="township_secretary"),
    "rectification:progress_confirm": obj(None, "committee village", SHEET, only="township_secretary"),
    "rectification:progress_discard": obj(None, "committee village", SHEET, only="township_secretary"),
    "rectification:progress_refused": obj("committee village", None, SHEET, only="township_secretary"),
    "rectification:settings": page(OFFICE, "head"),
    "rectification:recompute": page("head", "head"),
    "rectification:calendar": page(f"{CITY} {OFFICE}"),
    "rectification:calendar_enter": act("city_head"),
    "rectification:calendar_forget": act("city_head"),
    "rectification:reminders": page(f"{CITY} {OFFICE}"),
    "rectification:reminder_rules": page("head", "head"),
    "rectification:reminder_switch": act("head"),
    "rectification:letters": page(f"{ABOVE} committee township_discipline"),
    "rectification:letter": obj(f"{ABOVE} committee township_discipline", None, of(lambda place: place.letter.pk)),
    "rectification:batch_accept": act("committee", data=ids(lambda place: place.items["assigned"].pk)),
    "rectification:batch_urge": act(WORKERS, data=ids(lambda place: place.items["in_progress"].pk)),
    "rectification:hand_over": obj("head", "head", WAITING),
    "rectification:handovers": page(f"{ABOVE} {TEAM} {BELOW}"),
    "rectification:handover": obj(f"{ABOVE} {TEAM} {BELOW}", None, ISSUED),
    "rectification:receive": obj(None, "committee village", ISSUED),
    "rectification:hand_over_now": obj(f"{LEADERS} head", f"{LEADERS} head", of(lambda place: place.at_once.pk)),
    "rectification:party": page("committee organisation"),
    "rectification:receive_item": obj("organisation", "organisation", item("party")),
    "rectification:reply": obj("committee organisation", "committee organisation", item("party")),
    "rectification:clues": page("head office leading leader deputy discipline"),
    "rectification:clue_figures": page("city city_head"),
    "rectification:clue": obj("head office leading leader deputy discipline", None, CLUE, hidden="discipline"),
    "rectification:clue#sent": obj(
        "head office leading leader deputy discipline",
        None,
        SENT_CLUE,
        hidden="leader deputy",
        also="rectification:clue",
    ),
    "rectification:clue_new": obj("leader deputy", "leader deputy", RUNNING),
    "rectification:clue_refer": obj("leader deputy", "leader deputy", CONFIRMED),
    "rectification:clue_approve": obj("head", "head", CLUE),
    "rectification:clue_reject": obj("head", "head", CLUE),
    "rectification:clue_hand_over": obj(None, "head office", CLUE),
    "rectification:clue_reassign": obj("head", "head", SENT_CLUE),
    "rectification:clue_receive": obj(None, "discipline", SENT_CLUE),
    "rectification:clue_answer": obj("discipline", "discipline", SENT_CLUE),
    "rectification:clue_open": obj(None, "head leader deputy discipline", CLUE, hidden="discipline"),
    "rectification:clue_close": obj(None, "head office", SENT_CLUE),
    "rectification:clue_letter": obj(
        "head office leading leader deputy discipline", None, SENT_CLUE, hidden="leader deputy"
    ),
    "rectification:item": obj(BUSINESS, None, item("in_progress"), hidden="organisation"),
    "rectification:slip": obj(BUSINESS, None, item("in_progress"), hidden="organisation"),
    "rectification:item#party": obj(BUSINESS, None, item("party"), hidden="department", also="rectification:item"),
    "rectification:item#closed": obj(BUSINESS, None, item("closed"), hidden="organisation", also="rectification:item"),
    "rectification:attachment": obj(BUSINESS, None, of(lambda place: place.attachment.pk), hidden="organisation"),
    "rectification:accept": obj("committee", "committee", item("assigned")),
    "rectification:measures": obj("committee", "committee", item("in_progress")),
    "rectification:measure_done": obj(
        None,
        "committee village",
        lambda place: {"pk": place.items["in_progress"].pk, "measure": place.measure.pk},
    ),
    "rectification:people": obj("committee", "committee", item("in_progress")),
    "rectification:report": obj("committee village", "committee village", item("in_progress")),
    "rectification:submit": obj("committee", "committee", item("in_progress")),
    "rectification:sign": obj(
        "township_discipline supervisory", "township_discipline supervisory", item("supervision")
    ),
    "rectification:closing": page(f"{ABOVE} committee township_discipline", "committee"),
    "rectification:lookbacks": page("city city_head head office leading"),
    "rectification:lookback_draw": page("head office", "head office"),
    "rectification:lookback": obj("city city_head head office leading", None, LOOKBACK),
    "rectification:lookback_export": obj("city city_head head office leading", None, LOOKBACK),
    "rectification:lookback_record": obj("head office", "head office", of(lambda place: place.lookback_line.pk)),
    "rectification:cases": page("head office leading discipline"),
    "rectification:case_of_clue": obj("discipline", "discipline", SENT_CLUE),
    "rectification:case_of_finding": obj("discipline", "discipline", FINDING),
    "rectification:lessons": page("head office leading discipline"),
    "rectification:lesson_new": page("head office discipline", "head office discipline"),
    "rectification:lesson": obj("head office leading discipline", None, LESSON),
    "rectification:lesson_edit": obj("head office discipline", "head office discipline", LESSON),
    "rectification:lesson_issue": obj("head", "head", LESSON),
    "rectification:lesson_file": obj("head office leading discipline", None, LESSON),
    "rectification:lessons_received": page("committee village"),
    "rectification:lesson_read": obj("committee village", "committee village", RECEIPT, hidden="village"),
    "rectification:dissent": obj("head office", "head office", of(lambda place: place.dissent.pk)),
    "rectification:poll": obj(
        "head office township_discipline supervisory",
        "head office township_discipline supervisory",
        item("closed"),
    ),
    "rectification:verify": obj(WORKERS, WORKERS, item("verification")),
    "rectification:return": obj(WORKERS, WORKERS, item("verification")),
    "rectification:reopen": obj("head", "head", item("closed")),
    "rectification:long_term": obj(WORKERS, WORKERS, item("in_progress")),
    "rectification:ask_extension": obj("committee", "committee", item("in_progress")),
    "rectification:extension": obj(WORKERS, WORKERS, of(lambda place: place.extension.pk)),
    # oversight
    "oversight:board": page(ABOVE),
    "oversight:screen": page(ABOVE),
    "oversight:villages": page(ABOVE),
    "oversight:issues": page(ABOVE),
    "oversight:thresholds": page("head", "head"),
    "oversight:spread": page(ABOVE, WORKERS, query="item=B1-01"),
    "oversight:issue": obj(ABOVE, None, ISSUE, shared=True),
    "oversight:issue_mend": obj(WORKERS, WORKERS, ISSUE, shared=True),
    "oversight:issue_approve": obj(None, "leading", ISSUE, shared=True),
    "oversight:issue_return": obj(None, "leading", ISSUE, shared=True),
    "oversight:campaigns": page(f"{ABOVE} department"),
    "oversight:campaign": obj(f"{ABOVE} department", None, CAMPAIGN, shared=True),
    "oversight:take_on": obj("department", "department", CAMPAIGN, shared=True),
    "oversight:report": obj("department", "department", CAMPAIGN, shared=True),
    "oversight:campaign_close": obj(None, WORKERS, CAMPAIGN, shared=True),
    "oversight:campaign_return": obj(None, WORKERS, CAMPAIGN, shared=True),
    "oversight:tasks": page(f"{ABOVE} department committee"),
    "oversight:finish": obj("department", "department", TASK),
    "oversight:task_resume": obj(None, "department", TASK),
    "oversight:assessments": page(ABOVE),
    "oversight:assessment_new": page("city city_head", "city city_head"),
    "oversight:assessment": obj(ABOVE, None, ASSESSED, everywhere=True),
    "oversight:assessment#draft": obj(
        ABOVE, None, SCHEME, everywhere=True, hidden=f"{OFFICE} leading", also="oversight:assessment"
    ),
    "oversight:assessment_edit": obj("city city_head", "city city_head", SCHEME, shared=True),
    "oversight:assessment_enforce": obj(None, "city_head", SCHEME, shared=True),
    "oversight:assessment_points": obj("city city_head", "city city_head", IN_FORCE, shared=True),
    "oversight:assessment_publish": obj("city_head", "city_head", IN_FORCE, shared=True),
    "oversight:assessment_export": obj("city city_head", None, ASSESSED, shared=True),
    "oversight:assessment_county": obj(ABOVE, None, SCORED, shared=True),
    "oversight:appraisal": page("head"),
    "oversight:my_appraisal": page(f"{TEAM} former"),
    "oversight:papers_mark": obj("head leader deputy", "head leader deputy", DONE),
    "oversight:commend": obj(WORKERS, WORKERS, APPRAISAL, shared=True),
    "oversight:duties": page(ABOVE),
    "oversight:proposals": page(HEADS, HEADS),
    "oversight:occasions": page(f"{ABOVE} committee"),
    "oversight:occasion": obj(f"{ABOVE} committee", None, HELD),
    "oversight:occasion#planned": obj(
        f"{ABOVE} committee", None, PLANNED, hidden="committee", also="oversight:occasion"
    ),
    "oversight:occasion_new": page(VERSIONERS, VERSIONERS),
    "oversight:occasion_hold": obj(VERSIONERS, VERSIONERS, PLANNED, refused="city city_head"),
    "oversight:occasion_drop": obj(None, VERSIONERS, PLANNED, refused="city city_head office"),
    "oversight:follow_up_new": obj(VERSIONERS, VERSIONERS, HELD, refused="city city_head"),
    "oversight:follow_ups": page(f"{ABOVE} {ORGANS} committee"),
    "oversight:follow_up": obj(f"{ABOVE} {ORGANS} committee", None, ASKED, hidden=ORGANS),
    "oversight:follow_up_answer": obj(
        f"{WORKERS} {ORGANS} committee", f"{WORKERS} {ORGANS} committee", ASKED, hidden=ORGANS, refused=WORKERS
    ),
    "oversight:follow_up_confirm": obj(None, VERSIONERS, ANSWERED, refused="city city_head"),
    "oversight:follow_up_send_back": obj(None, VERSIONERS, ANSWERED, refused="city city_head"),
    "oversight:self_checks": page(f"{ABOVE} {TEAM} committee village"),
    "oversight:notice_new": page(WORKERS, WORKERS),
    "oversight:notice": obj(ABOVE, None, NOTICE, shared=True),
    "oversight:self_check": obj(f"{ABOVE} {TEAM} committee village", None, CHECK),
    "oversight:answer": obj("committee village", "committee village", CHECK),
    "oversight:confirm": obj(None, "committee", CHECK),
    "oversight:send_back": obj(None, "committee", CHECK),
}

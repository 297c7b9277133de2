"""Three years of nine counties behind the story: rounds that are over, what they found, and how it was put right.

Only villages that the story does not tell of; where a county's plan of a year is the story's, that year is left to it.
Texts come from fixtures/demo_findings.csv and are invented; people are posts.
"""

import random
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, User
from inspections.enums import FeedbackStatus, FilingStatus, FindingStatus, Mode, PlanStatus, Stage, TeamPost
from inspections.models import (
    AnnualPlan,
    Checklist,
    Feedback,
    Filing,
    Finding,
    Inspection,
    PlanEntry,
    Round,
    Team,
    TeamMember,
    Term,
)
from inspections.services.rounds import number_prefix
from oversight.services import recount
from rectification.enums import CheckResult, ItemStatus, Link, PollChannel, ResponsibleKind, Side
from rectification.models import (
    Measure,
    ProgressReport,
    Receipt,
    RectificationItem,
    Responsible,
    SatisfactionCount,
    SupervisionCheck,
)
from villages.enums import ClassificationStatus, VillageClass, VillageStatus
from villages.models import Classification, Village

from . import bulk, clock, watching
from .acts import Acts, scope, times
from .bulk import at
from .texts import Text, texts

SHARES = {2: 0.05, 1: 0.17, 0: 0.11}  # of a county's villages, in the plan of so many years ago
PACE = (0.75, 1.35)  # some counties are ahead, some behind
WAVES = ((1, 3, 15), (2, 8, 20))  # round, month and day of its start
LONG_OVER = 300  # of what was handed over so many days ago nothing is open
QUIET = 100  # a round is told when it began so many days ago
MODES: dict[str | None, Mode] = {
    VillageClass.KEY_FOCUS: Mode.REGULAR,
    VillageClass.RISK: Mode.SPECIAL,
    VillageClass.ORDINARY: Mode.MOBILE,
}
GUARDED = (
    *(AnnualPlan, PlanEntry, Filing, Inspection, Finding, Feedback, Classification, RectificationItem),
    *(ProgressReport, Receipt, SupervisionCheck, SatisfactionCount, Measure, Responsible),
)
ON = {ItemStatus.ASSIGNED: 0, ItemStatus.IN_PROGRESS: 1, ItemStatus.UNDER_SUPERVISION: 2}
ON |= {ItemStatus.UNDER_VERIFICATION: 3, ItemStatus.CLOSED: 4}


def tell(*, seed: int, scale: float = 1.0) -> None:
    """After the story, in a transaction of its own; then the boards count what there is now."""
    with bulk.as_owner() as using:
        History(using, seed=seed, texts=texts(), scale=scale).tell()
    recount()


class History(Acts):
    def __init__(self, using: str, *, seed: int, texts: list[Text], scale: float = 1.0):
        super().__init__(using)
        self.scale, self.pick = scale, random.Random(f"history {seed}")
        self.checklist = Checklist.objects.using(using).filter(county=None).order_by("number")[0]
        self.items = {one.code: one for one in self.checklist.items.using(using)}
        self.texts = [one for one in texts if one.row["item_code"] in self.items]

    def tell(self) -> None:
        """All counties of the city that have villages; then the events of it all."""
        self.term = Term.objects.using(self.using).select_related("city").order_by("-starts_on")[0]
        counties = Division.objects.using(self.using).filter(parent=self.term.city, tier=Tier.COUNTY).order_by("code")
        with bulk.unguarded(self.using, GUARDED), bulk.dated_by_hand(GUARDED):
            for county in counties:
                self._county(county)
            self._write()
            bulk.events(self.using, self.told)

    # ------------------------------------------------------------------ places and plans

    def _county(self, county: Division) -> None:
        told = Inspection.objects.using(self.using).values("village")
        planned = PlanEntry.objects.using(self.using).values("village")
        rows = Village.objects.using(self.using).filter(county=county, status=VillageStatus.ACTIVE)
        rows = rows.exclude(pk__in=told).exclude(pk__in=planned).select_related("division", "township", "county")
        villages = list(rows.order_by("division__code"))
        if not villages:
            return
        self._classify(county, villages)
        total = len(villages)
        self.pick.shuffle(villages)
        plans = AnnualPlan.objects.using(self.using).filter(county=county)
        pace, taken = self.pick.uniform(*PACE) * self.scale, set(plans.values_list("year", flat=True))
        for back, share in SHARES.items():
            year = clock.year() - back
            waves = [(n, date(year, m, d)) for n, m, d in WAVES if date(year, m, d) <= clock.day(QUIET)]
            if back == max(SHARES):  # where the story has the later years, more was done before them
                share += sum(SHARES[later] for later in SHARES if clock.year() - later in taken) / 2
            count = 0
            if waves and year not in taken:
                count = max(1, round(total * share * pace * len(waves) / len(WAVES)))
            chosen, villages = villages[:count], villages[count:]
            if chosen:
                self._year(county, year, waves, chosen)

    def _classify(self, county: Division, villages: list[Village]) -> None:
        """Counties that the story does not classify; most of their villages are ordinary."""
        bare = [one for one in villages if not one.klass]
        officer, head = self._office(county, Post.OFFICER), self._office(county, Post.HEAD)
        day = max(self.term.starts_on, date(clock.year() - 2, 1, 1)) + timedelta(10)
        made = []
        for one in bare:
            one.klass = self.pick.choices([*MODES], [20, 12, 68])[0]
            made.append(
                Classification(
                    **scope(one),
                    **times(at(day)),
                    klass=one.klass or "",
                    status=ClassificationStatus.APPROVED,
                    reason="演示数据：调查摸排确定",
                    proposer=officer,
                    approver=head,
                    approved_on=day,
                )
            )
        for row in bulk.write(self.using, made):
            self._event(row, "approve", head, at(day), "PROPOSED", "APPROVED")
        Village.objects.using(self.using).bulk_update(bare, ["klass"], batch_size=bulk.BATCH)

    def _year(self, county: Division, year: int, waves: list[tuple[int, date]], villages: list[Village]) -> None:
        officer, head = self._office(county, Post.OFFICER), self._office(county, Post.HEAD)
        day = max(date(year, 1, 20), self.term.starts_on + timedelta(12))
        plan = self._save(
            AnnualPlan(county=county, term=self.term, year=year, status=PlanStatus.FILED, created_by=officer)
        )
        for when, verb, steps in (
            (day, "submit", ("DRAFT", "SUBMITTED")),
            (day + timedelta(3), "approve", ("SUBMITTED", "APPROVED")),
            (day + timedelta(4), "file", ("APPROVED", "FILED")),
        ):
            self._event(plan, verb, officer if verb != "approve" else head, at(when), *steps)
        self._filed(county, day + timedelta(4), plan=plan)
        parts = [villages[n :: len(waves)] for n in range(len(waves))]
        for (number, starts), own in zip(waves, parts, strict=True):
            for one in own:
                self.rows[PlanEntry].append(
                    PlanEntry(
                        plan=plan, village=one, klass=one.klass or "", mode=MODES[one.klass], wave=number, **_theme(one)
                    )
                )
            if own:
                self._round(plan, number, starts, own)

    def _filed(self, county: Division, day: date, **what: Any) -> None:
        filed = {"filed_on": day, "filed_by": self._office(county, Post.OFFICER), "answer": "同意备案。"}
        row = self._save(Filing(county=county, status=FilingStatus.ACCEPTED, **filed, **what))
        city = self.posts.of(self.term.city, OrganKind.INSPECTION_OFFICE, Post.OFFICER, "市委巡察办", "巡察办干部")
        self._event(row, "accept", city, at(day + timedelta(2)), "SUBMITTED", "ACCEPTED")

    def _round(self, plan: AnnualPlan, number: int, starts: date, villages: list[Village]) -> None:
        county, ends = plan.county, starts + timedelta(60)
        name = f"{plan.year} 年第{'一二三'[number - 1]}轮"
        wave = self._save(Round(plan=plan, county=county, number=number, name=name, starts_on=starts, ends_on=ends))
        self._filed(county, starts - timedelta(6), round=wave)
        own = f"{county.name.removesuffix('区')}区委巡察组" if county.name.endswith("区") else f"{county.name}委巡察组"
        kind = OrganKind.INSPECTION_TEAM
        team = self._save(Team(round=wave, organ=self.posts.organ(county, kind, own), name="第一巡察组"))
        seats = (
            (TeamPost.LEADER, Post.TEAM_LEADER, 0),
            (TeamPost.MEMBER, Post.OFFICER, 0),
            (TeamPost.DEPUTY, Post.OFFICER, 1),
        )
        people = {}
        for seat, post, order in seats:
            title = "巡察组组长" if post == Post.TEAM_LEADER else "巡察干部"
            people[seat] = self.posts.of(county, kind, post, own, title, order)
            self._save(TeamMember(team=team, user=people[seat], post=seat, starts_on=starts, ends_on=ends))
        mark = number_prefix(wave)
        for order, one in enumerate(sorted(villages, key=lambda row: row.division.code), 1):
            self._village(wave, team, people, one, f"{mark}-{order:03}")

    # ------------------------------------------------------------------ one village

    def _village(self, wave: Round, team: Team, people: dict[Any, User], village: Village, number: str) -> None:
        entered = wave.starts_on + timedelta(self.pick.randrange(2, 30))
        left, issued = entered + timedelta(9), entered + timedelta(self.pick.randrange(24, 36))
        closed = issued + timedelta(self.pick.randrange(80, 110))
        over = closed <= clock.day(0)
        inspection = self._save(
            Inspection(
                **scope(village),
                **times(at(wave.starts_on - timedelta(8))),
                round=wave,
                team=team,
                checklist=self.checklist,
                number=number,
                klass=village.klass or "",
                mode=MODES[village.klass],
                status=Stage.CLOSED if over else Stage.AFTER,
                planned_from=entered,
                planned_to=left,
                entered_on=entered,
                left_on=left,
                closed_on=closed if over else None,
                **_theme(village),
            )
        )
        leader, office = people[TeamPost.LEADER], self._office(village.county, Post.OFFICER)
        self._event(inspection, "enter", leader, at(entered), "BEFORE", "DURING")
        self._event(inspection, "leave", leader, at(left), "DURING", "AFTER")
        if over:
            self._event(inspection, "close", office, at(closed), "AFTER", "CLOSED")
            known = village.last_inspected_on
            village.last_inspected_on = max(known, closed) if known else closed
            village.save(using=self.using, update_fields=["last_inspected_on"])
        self._findings(inspection, village, people, (entered, issued))

    def _findings(
        self, inspection: Inspection, village: Village, people: dict[Any, User], days: tuple[date, date]
    ) -> None:
        entered, issued = days
        county, head = village.county, self._office(village.county, Post.HEAD)
        deadline = _later(issued, 2)
        feedback = self._save(
            Feedback(
                **scope(village),
                **times(at(issued)),
                inspection=inspection,
                status=FeedbackStatus.ISSUED,
                document_number=f"{county.name[:2]}巡办交〔{issued.year}〕{inspection.number[-3:]}-{inspection.pk}号",
                opinion="坚持问题导向，逐项制定措施，明确责任人和时限，按期整改到位。",
                issued_on=issued,
                issued_by=head,
                plan_due_on=issued + timedelta(21),
                deadline=deadline,
                drafted_by=self._office(county, Post.OFFICER),
            )
        )
        self._event(feedback, "issue", head, at(issued), "DRAFT", "ISSUED")
        for side, who in ((Side.TOWNSHIP, self._township(village)), (Side.VILLAGE, self._party(village))):
            self.rows[Receipt].append(
                Receipt(feedback=feedback, side=side, signer=who, created_at=at(issued + timedelta(2)))
            )
        texts = self.pick.sample(self.texts, min(len(self.texts), self.pick.randrange(9, 18)))
        made = [self._finding(inspection, entered, village, people, n, text) for n, text in enumerate(texts, 1)]
        bulk.write(self.using, made)
        steps = ("cosign", "DRAFT", "SIGNED"), ("review", "SIGNED", "REVIEWED"), ("confirm", "REVIEWED", "CONFIRMED")
        signed = (people[TeamPost.DEPUTY], people[TeamPost.DEPUTY], people[TeamPost.LEADER])
        for row, text in zip(made, texts, strict=True):
            for order, ((verb, source, target), actor) in enumerate(zip(steps, signed, strict=True)):
                self._event(row, verb, actor, at(entered + timedelta(4 + order)), source, target)
            self._event(row, "feed_back", head, at(issued), "CONFIRMED", "FED_BACK")
            self._item(feedback, row, text, (issued, deadline))

    def _finding(
        self, inspection: Inspection, entered: date, village: Village, people: Any, order: int, text: Any
    ) -> Finding:
        row, pick = text.row, self.pick
        low, high = int(row["amount_min"]), int(row["amount_max"])
        amount = Decimal(pick.randrange(low, high + 1, 100)) if high else None
        most = int(row["people_max"])
        return Finding(
            **scope(village),
            **times(at(entered + timedelta(3))),
            inspection=inspection,
            checklist_item=self.items[row["item_code"]],
            number=f"{inspection.number}-{order:02}",
            status=FindingStatus.FED_BACK,
            title=row["title"],
            facts=text.facts(village.division.name, entered.year - 1, amount),
            amount=amount,
            people_affected=pick.randrange(3, most + 1) if most > 3 else None,
            severity=row["severity"],
            is_common=row["common"] == "yes",
            evidence="查阅账目资料、入户走访",
            inspector=people[TeamPost.MEMBER],
            second_inspector=people[TeamPost.DEPUTY],
            reviewed_by=people[TeamPost.DEPUTY],
            approved_by=people[TeamPost.LEADER],
        )

    # ------------------------------------------------------------------ one item

    def _item(self, feedback: Feedback, finding: Finding, text: Any, days: tuple[date, date]) -> None:
        """Most are closed in two months, some late; a few of a round that was over within the year are still open."""
        pick, (issued, deadline) = self.pick, days
        closing = issued + timedelta(int(pick.triangular(18, 84, 46)))
        stuck = pick.random() < 0.03 and issued > clock.day(LONG_OVER)
        status = ItemStatus.CLOSED
        if closing > clock.day(0) or stuck:
            status = pick.choices([*ON][:4], [1, 5, 2, 2])[0]
        step, village = ON[status], finding.village
        secretary, officer = self._township(village), self._office(village.county, Post.OFFICER)
        reached = min(closing, clock.day(3))
        accepted = min(issued + timedelta(pick.randrange(2, 7)), reached)
        submitted = max(accepted, reached - timedelta(pick.randrange(6, 14)))
        item = RectificationItem(
            **scope(village),
            **times(at(issued)),
            finding=finding,
            feedback=feedback,
            inspection=finding.inspection,
            number=str(finding.number),
            status=status,
            assigned_on=issued,
            original_deadline=deadline,
            deadline=deadline,
            is_common=finding.is_common,
            accepted_at=at(accepted) if step else None,
            accepted_by=secretary if step else None,
            submitted_at=at(submitted) if step > 1 else None,
            submitted_by=secretary if step > 1 else None,
            closed_at=at(closing) if step > 3 else None,
            closed_by=officer if step > 3 else None,
        )
        self.rows[RectificationItem].append(item)
        item.moves_told = [  # written with the item's number, once it has one
            ("accept", secretary, accepted, "ASSIGNED", "IN_PROGRESS"),
            ("submit", secretary, submitted, "IN_PROGRESS", "UNDER_SUPERVISION"),
            ("supervised", self._signer(village, 2), reached - timedelta(2), "UNDER_SUPERVISION", "UNDER_VERIFICATION"),
            ("verify", officer, closing, "UNDER_VERIFICATION", "CLOSED"),
        ][:step]
        if step:
            self._work(item, text, accepted, submitted, max(submitted, reached - timedelta(4)), step)

    def _work(self, item: Any, text: Any, accepted: date, submitted: date, signed: date, step: int) -> None:
        done = submitted if step > 1 else None
        owners = ("村党组织书记", "村报账员", "村委会主任")
        for order, (one, owner) in enumerate(zip(text.row["measures"].split(";"), owners, strict=False), 1):
            self.rows[Measure].append(
                Measure(item=item, order=order, text=one, owner=owner, due_on=item.deadline, done_on=done)
            )
        who = (
            ("党委书记", "党委书记"),
            ("联系领导", "党委委员"),
            ("农业综合服务中心", "联系股室"),
            ("纪检专干", "纪检专干"),
        )
        for kind, (name, post) in zip(ResponsibleKind, who, strict=True):
            self.rows[Responsible].append(
                Responsible(item=item, kind=kind, name=name, post=post, phone="0816-0000-100")
            )
        author, told = self._party(item.village), at(max(accepted, submitted - timedelta(4)), 15)
        self.rows[ProgressReport].append(
            ProgressReport(item=item, attempt=1, author=author, text=text.row["progress"], created_at=told)
        )
        for order, link in enumerate(Link if step > 2 else [*Link][: step - 1]):
            check = {
                "method": watching.METHODS[order],
                "place": watching.PLACES[order],
                "opinion": watching.OPINIONS[order],
            }
            signer = self._signer(item.village, order)
            given = {"result": CheckResult.PASS, "checked_on": signed, "created_at": at(signed, 10 + order)}
            self.rows[SupervisionCheck].append(
                SupervisionCheck(item=item, attempt=1, link=link, signer=signer, **check, **given)
            )
        if step > 2 and self.pick.random() < 0.4:
            asked = self.pick.randrange(12, 40)
            bad = min(asked, int(self.pick.expovariate(0.35)))
            fair = self.pick.randrange(0, asked - bad + 1) // 3
            self.rows[SatisfactionCount].append(
                SatisfactionCount(
                    item=item,
                    attempt=1,
                    key=uuid.UUID(int=self.pick.getrandbits(128), version=4),
                    channel=self.pick.choice([PollChannel.VISIT, PollChannel.MEETING]),
                    asked=asked,
                    satisfied=asked - bad - fair,
                    fair=fair,
                    polled_on=signed,
                    recorded_by=self._office(item.village.county, Post.OFFICER),
                    created_at=at(signed, 16),
                )
            )


def _theme(village: Village) -> dict[str, str]:
    return {"theme": "基层“微腐败”"} if MODES[village.klass] == Mode.SPECIAL else {}


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))

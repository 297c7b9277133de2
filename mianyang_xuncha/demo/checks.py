"""What villages answered to the year's self-check notice (F2), told after the years gone by: it knows what was found.

Most answer and are confirmed in time; some are late, a few never answer; some denied what an inspection then found.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from accounts.enums import OrganKind, Post, Tier
from accounts.models import Division, User
from inspections.models import ChecklistItem, Finding, Inspection, Round, Term
from oversight.enums import Answer, CheckStatus
from oversight.models import SelfCheck, SelfCheckAnswer, SelfCheckItem, SelfCheckNotice
from villages.enums import VillageStatus
from villages.models import Village

from . import bulk, clock
from .acts import times
from .bulk import Posts, at, told

GUARDED = (SelfCheckNotice, SelfCheckItem, SelfCheck, SelfCheckAnswer)
AHEAD, DAYS, ITEMS = 26, 20, 6  # the notice before its round, days to answer, items asked about
TITLE = "对照已巡察村的共性问题自查自改"
TEXT = "各村对照下列问题逐项自查，有的写明怎样改、何时改，已经改的写明怎样改的，乡镇党委核实后确认。"
NOTES = {
    Answer.HAS: ("已列入本月整改，月底前公示", "正在核对台账，下月上旬补齐", "提交村民代表会议研究后整改"),
    Answer.FIXED: ("已补公示七天并建立台账", "已退还并在村务公开栏说明", "已修订制度，逐户核对签字"),
}
NEVER, UNCONFIRMED, LATE = 0.03, 0.05, 0.11  # shares of the villages, one after the other
DENIED = 0.22  # of what an inspection found later


def tell(*, seed: int, running: bool = False) -> None:
    """The notices whose time is over, one for each county; or, with `running`, what has come in to those under way."""
    with bulk.as_owner() as using:
        Checks(using, seed).tell(running=running)


class Checks:
    def __init__(self, using: str, seed: int):
        self.using, self.pick, self.posts = using, random.Random(f"checks {seed}"), Posts(using)
        self.answers: list[SelfCheckAnswer] = []
        self.events: list[dict[str, Any]] = []
        self.term = Term.objects.using(using).select_related("city").order_by("-starts_on")[0]

    def tell(self, *, running: bool) -> None:
        counties = Division.objects.using(self.using).filter(parent=self.term.city, tier=Tier.COUNTY).order_by("code")
        with bulk.unguarded(self.using, GUARDED), bulk.dated_by_hand(GUARDED):
            for county in counties:
                notices = SelfCheckNotice.objects.using(self.using).filter(county=county)
                if running:
                    self._coming_in(notices.filter(due_on__gte=clock.day(0)))
                elif notice := notices.first() or self._issued(county):
                    self._over(notice)
            bulk.write(self.using, self.answers)
            bulk.events(self.using, self.events)

    # ------------------------------------------------------------------ the notice

    def _issued(self, county: Division) -> SelfCheckNotice | None:
        """Before the first round of the county's last year; about what had been found most by then."""
        rounds = Round.objects.using(self.using).filter(county=county, plan__term=self.term)
        wave = rounds.order_by("-plan__year", "starts_on").first()
        if wave is None:
            return None
        day = wave.starts_on - timedelta(AHEAD)
        items = self._recurring(county, day)
        villages = self._not_inspected(county, day)
        if not items or not villages:
            return None
        office = self.posts.of_county(county, Post.OFFICER)
        given = {"county": county, "term": self.term, "title": TITLE, "text": TEXT, "issued_by": office}
        notice = SelfCheckNotice(**given, issued_on=day, due_on=day + timedelta(DAYS))
        notice.save(using=self.using, force_insert=True)
        bulk.write(self.using, [SelfCheckItem(notice=notice, code=one.code, text=one.text) for one in items])
        bulk.write(
            self.using,
            [
                SelfCheck(notice=notice, county=county, township=one.township, village=one, **times(at(day)))
                for one in villages
            ],
        )
        self.events.append(told(notice, "issue", office, at(day), "", ""))
        return notice

    def _recurring(self, county: Division, day: date) -> list[ChecklistItem]:
        """The items found most by then, in the county or, where it had not begun, in the city."""
        found: dict[str, int] = defaultdict(int)
        rows = Finding.objects.using(self.using).filter(inspection__entered_on__lt=day)
        own = rows.filter(county=county)
        for code in (own if own.exists() else rows).values_list("checklist_item__code", flat=True):
            found[code] += 1
        codes = sorted(found, key=lambda code: (-found[code], code))[:ITEMS]
        known = ChecklistItem.objects.using(self.using).filter(code__in=codes, checklist__county=None)
        return list({one.code: one for one in known.order_by("code", "checklist__number")}.values())

    def _not_inspected(self, county: Division, day: date) -> list[Village]:
        begun = Inspection.objects.using(self.using).filter(round__plan__term=self.term, entered_on__lt=day)
        rows = Village.objects.using(self.using).filter(county=county, status=VillageStatus.ACTIVE)
        rows = rows.exclude(pk__in=begun.values("village"))
        return list(rows.select_related("division", "township").order_by("division__code"))

    # ------------------------------------------------------------------ the answers

    def _over(self, notice: SelfCheckNotice) -> None:
        """What nobody has answered or confirmed yet; who had been inspected before was not asked.

        Whoever was inspected later has answered; of these, too, the township had left a few unconfirmed.
        """
        inspected = Inspection.objects.using(self.using).filter(
            round__plan__term=notice.term, entered_on__lt=notice.issued_on
        )
        rows = SelfCheck.objects.using(self.using).filter(notice=notice)
        rows.filter(status=CheckStatus.OPEN, village__in=inspected.values("village")).delete()
        later: dict[int, set[str]] = defaultdict(set)
        found = Finding.objects.using(self.using).filter(
            county=notice.county, inspection__entered_on__gte=notice.issued_on
        )
        for village, code in found.values_list("village_id", "checklist_item__code"):
            later[village].add(code)
        for check in self._left(notice):
            luck, asked_for = self.pick.random(), later[check.village_id]
            days = self.pick.randrange(DAYS + 1, DAYS * 2) if luck > 1 - LATE else self.pick.randrange(3, DAYS - 3)
            if luck >= NEVER or asked_for or self.posts.has(check.village.division, OrganKind.VILLAGE_PARTY):
                self._answer(check, days, asked_for)
            if luck >= NEVER + UNCONFIRMED:
                self._confirm(check)

    def _coming_in(self, notices: Any) -> None:
        """Half have answered so far, most of them with the township's word; those with an account act themselves."""
        for notice in notices:
            gone = (clock.day(0) - notice.issued_on).days
            for check in self._left(notice):
                luck = self.pick.random()
                if luck < 0.55 and not self.posts.has(check.village.division, OrganKind.VILLAGE_PARTY):
                    self._answer(check, self.pick.randrange(2, max(gone, 3)), set())
                    if luck < 0.4:
                        self._confirm(check)

    def _left(self, notice: SelfCheckNotice) -> Iterator[SelfCheck]:
        """The checks that are not confirmed; written back when the caller is through."""
        rows = SelfCheck.objects.using(self.using).filter(notice=notice).exclude(status=CheckStatus.CONFIRMED)
        checks = list(rows.select_related("notice", "village__division", "township").order_by("id"))
        self.items = list(SelfCheckItem.objects.using(self.using).filter(notice=notice))
        yield from checks
        names = ["status", "answered_by", "answered_on", "confirmed_by", "confirmed_on", "version"]
        SelfCheck.objects.using(self.using).bulk_update(checks, names, batch_size=bulk.BATCH)

    def _answer(self, check: SelfCheck, days: int, found: set[str]) -> None:
        if check.status != CheckStatus.OPEN:
            return
        day = min(check.notice.issued_on + timedelta(days), clock.day(2))
        who = self._post(check.village.division, OrganKind.VILLAGE_PARTY, "村党组织书记")
        check.status, check.answered_by, check.answered_on = CheckStatus.ANSWERED, who, day
        check.version += 1
        self.events.append(told(check, "answer", who, at(day), "OPEN", "ANSWERED"))
        for item in self.items:
            answer = self._said(item.code in found)
            note = self.pick.choice(NOTES[answer]) if answer in NOTES else ""
            self.answers.append(SelfCheckAnswer(check_of=check, item=item, answer=answer, note=note))

    def _confirm(self, check: SelfCheck) -> None:
        day: date = check.answered_on or clock.day(2)
        day = min(day + timedelta(self.pick.randrange(1, 4)), clock.day(1))
        who = self._post(check.village.township, OrganKind.PARTY_COMMITTEE, "党委书记")
        check.status, check.confirmed_by, check.confirmed_on = CheckStatus.CONFIRMED, who, day
        check.version += 1
        self.events.append(told(check, "confirm", who, at(day, 15), "ANSWERED", "CONFIRMED"))

    def _said(self, found: bool) -> Answer:
        if found:
            return Answer.NONE if self.pick.random() < DENIED else Answer.HAS
        return self.pick.choices([Answer.NONE, Answer.FIXED, Answer.HAS], [72, 18, 10])[0]

    def _post(self, place: Division, kind: OrganKind, title: str) -> User:
        name = f"{place.short_name}党组织" if kind == OrganKind.VILLAGE_PARTY else f"{place.name}党委"
        return self.posts.of(place, kind, Post.HEAD, name, title)

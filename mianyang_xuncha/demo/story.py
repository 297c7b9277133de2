"""The demo told through the services: last year's round is closed, this year's rounds are in every state.

Every call is made by the person who would make it, on the day it would be made. Texts come from
fixtures/demo_findings.csv and are invented; a seed makes the same story again.
"""

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from accounts.models import Division, User
from inspections import services as inspecting
from inspections.enums import Mode, PaperKind, TeamPost
from inspections.models import AnnualPlan, Feedback, Finding, Inspection, Round, Team, TeamMember
from rectification import services as rectifying
from rectification.enums import ANSWERABLE
from rectification.models import RectificationItem
from villages.enums import VillageClass
from villages.models import Village

from . import assessing, circulars, clock, fieldwork, occasions, offices, oversight, people, roster, watching
from .mending import Mending
from .people import Cast
from .texts import Text, texts

STAGES = ("planned", "inspecting", "fed_back", "rectifying", "closing")
SOONER = {"planned": 116, "inspecting": 106, "fed_back": 34}  # days by which the first round of the year comes nearer
TOWNSHIPS = (("青义镇", "qy"), ("丰谷镇", "fg"), ("吴家镇", "wj"))


class Story:
    def __init__(self, *, seed: int, stage: str):
        self.seed = seed
        self.random = random.Random(seed)
        self.stage, self.sooner = STAGES.index(stage), SOONER.get(stage, 0)
        self.cast = Cast()
        self.texts = texts()

    def reaches(self, stage: str) -> bool:
        return self.stage >= STAGES.index(stage)

    # ------------------------------------------------------------------ stage by stage

    def tell(self) -> None:
        self.city = Division.objects.get(tier="CITY")
        self.county = Division.objects.get(name=people.STORY_COUNTY, tier="COUNTY")
        self.other = Division.objects.get(name=people.OTHER_COUNTY, tier="COUNTY")
        with clock.on(clock.day(430)):
            people.city_and_counties(self.cast, self.city, self.county, self.other)
            roster.import_real(self.cast["cityroster"])
        with clock.on(clock.day(425)):
            roster.import_profiles(self.cast["roster"], self.county, self.random)
        with clock.on(clock.day(420)):
            roster.classify(self.county, officer=self.cast["county"], head=self.cast["head"])
        self._choose()
        self._term()
        self._last_year()
        if self.reaches("closing"):
            assessing.teams(self.cast, self.county, clock.year() - 1)
        self._this_year()

    def conclude(self) -> None:
        """What offices make of all there is: told after the years gone by (history), which it counts."""
        if self.reaches("closing"):
            first = Division.objects.get(name=TOWNSHIPS[0][0], parent=self.county)
            occasions.tell(self.cast, self.city, self.county, first)
            occasions.of_other_counties(self.city, self.county)
            oversight.common_issues(self.cast, self.county, self.term)
            oversight.second_self_check(self.cast, self.county)
            assessing.counties(self.cast, self.county, clock.year())
            circulars.tell(self.cast, self.city, [one[0].township for one in self.villages.values()])

    def _choose(self) -> None:
        """Five villages in each of three townships carry the story."""
        self.villages: dict[str, list[Village]] = {}
        with clock.on(clock.day(415)):
            for name, prefix in TOWNSHIPS:
                place = Division.objects.get(name=name, parent=self.county)
                people.township(self.cast, place, prefix)
                own = Village.objects.filter(township=place).select_related("division", "township", "county")
                self.villages[prefix] = list(own.order_by("division__code")[:6])
                for number, one in enumerate(self.villages[prefix], 1):
                    people.village(self.cast, one.division, f"{prefix}{number}")
        self.mending = Mending(
            self.cast, self.villages, self.texts, seed=self.seed, dice=self.random, closing=self.reaches("closing")
        )

    def _term(self) -> None:
        year = clock.year()
        with clock.on(clock.day(412)):
            self.term = inspecting.create_term(
                city=self.city,
                name=f"本届（{year - 2}—{year + 2}）",
                starts_on=date(year - 2, 1, 1),
                ends_on=date(year + 2, 12, 31),
                targets={year - 2: 5, year - 1: 25, year: 50, year + 1: 80, year + 2: 100},
                actor=self.cast["city"],
            )

    def _plan(self, year: int, waves: dict[int, list[Village]], when: int) -> AnnualPlan:
        with clock.on(clock.day(when)):
            plan = inspecting.create_plan(county=self.county, year=year, actor=self.cast["county"])
            for wave, villages in waves.items():
                for one in villages:
                    how = self._mode(one, crossed=one == villages[-1])
                    inspecting.add_to_plan(plan=plan, villages=[one], wave=wave, actor=self.cast["county"], **how)
            inspecting.submit_plan(plan=plan, actor=self.cast["county"])
        with clock.on(clock.day(when - 3)):
            inspecting.approve_plan(plan=plan, actor=self.cast["leader"])
            inspecting.file_plan(plan=plan, actor=self.cast["county"])
        offices.accept_plan(self.cast, plan, when - 6)
        return plan

    def _mode(self, village: Village, *, crossed: bool) -> dict[str, str]:
        """The last village of a wave goes to the other county's team, so that each team has work in each round."""
        if crossed:
            return {"mode": Mode.CROSS, "mode_reason": "本县巡察干部多与该村有亲属、同乡关系，改由外县交叉巡察。"}
        if village.klass == VillageClass.RISK:
            return {"mode": Mode.SPECIAL, "theme": "基层“微腐败”"}
        return {}

    def _last_year(self) -> None:
        """Two villages of each township, inspected, fed back, rectified and closed."""
        chosen = [own[index] for own in self.villages.values() for index in (4, 5)]
        plan = self._plan(clock.year() - 1, {1: chosen}, when=405)
        for inspection in self._round(plan, 1, opened=395, entered=388, team=("team1", "team2")):
            self._inspect(inspection, findings=2, entered=388)
            feedback = self._feed_back(inspection, drafted=376, issued=372)
            self.mending.receive(feedback)
            for item in feedback.items.all():
                self.mending.rectify(item, until="CLOSED", accepted=366)
            with clock.on(clock.day(300)):
                inspecting.close_inspection(inspection=inspection, actor=self.cast["county"])

    def _this_year(self) -> None:
        own = list(self.villages.values())
        waves = {
            1: [one[index] for one in own for index in (0, 1)],
            2: [one[2] for one in own],
            3: [one[3] for one in own],
        }
        plan = self._plan(clock.year(), waves, when=150)
        opened, entered = 120 - self.sooner, 112 - self.sooner
        if self.reaches("closing"):
            with clock.on(clock.day(128)):
                oversight.self_checks(self.cast, self.county, self.villages)
        first = self._round(plan, 1, opened=opened, entered=entered, team=("team1", "team2"))
        if not self.reaches("fed_back"):
            if self.reaches("inspecting"):
                self._half_way(first, entered)
            return
        for inspection in first:
            self._inspect(inspection, findings=8, entered=entered)
        # Fed back on different days, so that some are overdue, some nearly, some in good time.
        issued = [day - self.sooner for day in (70, 70, 62, 62, 56, 35)]
        feedbacks = [self._feed_back(one, drafted=day + 4, issued=day) for one, day in zip(first, issued, strict=True)]
        for feedback in feedbacks[:-1]:  # the last one's village has not signed yet
            self.mending.receive(feedback)
        if self.reaches("rectifying"):
            for feedback, day in zip(feedbacks, issued, strict=True):
                self.mending.work(feedback, day)
            self._watch_over()
        self._switch_reminders_on()
        self._running(plan)

    def _watch_over(self) -> None:
        """A sample of last year's items, a lesson that two units have read, a township that has counted."""
        watching.look_back(self.cast, self.county, self.seed)
        townships = [one[0].township for one in self.villages.values()]
        watching.teach(self.cast, self.county, townships, [self.cast["qysecretary"], self.cast["qy1v"]])
        with clock.on(clock.day(1)):
            secretary = self.cast["fgsecretary"]
            rectifying.tell_count(
                actor=secretary, told_total=20, told_closed=9, note="1 件已报县级验收，本镇按已完成计入。"
            )

    def _half_way(self, first: list[Inspection], entered: int) -> None:
        """Two villages are left, two being inspected, one is next; the other county's team is in the last."""
        for inspection in first[:2]:
            self._inspect(inspection, findings=6, entered=entered)
        for inspection in (*first[2:4], first[-1]):
            self._inspect(inspection, findings=4, entered=entered - 2, leave=False)

    def _running(self, plan: AnnualPlan) -> None:
        """The second round is in the villages now; the third begins soon, and its first village has no team yet."""
        offices.next_checklist(self.cast, 40)
        left, here, crossed = self._round(plan, 2, opened=16, entered=9, team=("team3", "team4"))
        self._inspect(left, findings=5, entered=9)
        self._inspect(here, findings=4, entered=6, leave=False)
        self._inspect(crossed, findings=3, entered=5, leave=False)
        self._clues(here)
        with clock.on(clock.day(1)):
            inspecting.draft_feedback(inspection=left, actor=self.cast["county"])
        third = self._round(plan, 3, opened=1, entered=-10, team=("team1", "team2"), spare=1, answer="return")
        told = [own[0].township_id for own in self.villages.values()]
        elsewhere = Division.objects.filter(parent=self.county).exclude(pk__in=told).order_by("-code")
        offices.recusals(self.cast, third[1].township, list(elsewhere[:2]))
        self._at_once(here)
        self._one_reply()

    def _at_once(self, inspection: Inspection) -> None:
        """立巡立改: one finding is handed over while the team is still in the village."""
        inspection.refresh_from_db()
        team, told = self._members(inspection), set(inspection.findings.values_list("title", flat=True))
        text = next(one for one in self.texts if one.row["immediate"] == "yes" and one.row["title"] not in told)
        with clock.on(clock.day(2)):
            finding = self._find(inspection, text, team)
            self._decide(finding, team, steps=3)
            finding.refresh_from_db()
            rectifying.hand_over_now(finding=finding, actor=team["LEADER"])

    def _one_reply(self) -> None:
        """Of one Party-building item the township has replied, and the organisation department has not yet."""
        party = RectificationItem.objects.filter(finding__checklist_item__party_building=True, status__in=ANSWERABLE)
        item = party.filter(replies=None).order_by("-status", "number").first()
        if item:
            with clock.on(clock.day(1)):
                self.mending.reply(item, f"{self.mending.prefix(item)[0]}secretary")

    def _clues(self, inspection: Inspection) -> None:
        """One envelope waits for approval, one has been signed for, one has its result; all are on paper."""
        inspection.refresh_from_db()
        leader, head, receiver = self._members(inspection)["LEADER"], self.cast["head"], self.cast["discipline"]
        watching.clue_with_result(inspection, leader, self.cast, self.seed)
        made = []
        for order in (1, 2):
            with clock.on(clock.day(4 - order)):
                key, seal = UUID(int=self.seed * 10 + order), f"涪巡密 {order:04}"
                made.append(
                    rectifying.propose_clue(
                        inspection=inspection, actor=leader, key=key, seal_number=seal, pages=order + 2
                    )
                )
        with clock.on(clock.day(1)):
            approved = rectifying.approve_clue(clue=made[0], actor=head, receiver=receiver)
            handed = rectifying.hand_over_clue(clue=approved, actor=self.cast["county"])
            rectifying.receive_clue(clue=handed, actor=receiver)

    # ------------------------------------------------------------------ inspections

    def _round(
        self,
        plan: AnnualPlan,
        number: int,
        *,
        opened: int,
        entered: int,
        team: tuple[str, str],
        spare: int = 0,
        answer: str = "accept",
    ) -> list[Inspection]:
        """Open the round, make its teams and assign every inspection but the `spare` first; crossed ones come last."""
        county = self.cast["county"]
        with clock.on(clock.day(opened)):
            starts = clock.day(entered)
            wave = inspecting.open_round(
                plan=plan, number=number, starts_on=starts, ends_on=starts + timedelta(days=45), actor=county
            )
            teams = {False: self._team(wave, "第一巡察组", (*team, "team5"))}
            teams[True] = self._team(wave, "交叉巡察组（游仙）", ("yxteam1", "yxteam2", "yxteam3"))
            for one in self._in_order(wave)[spare:]:
                inspecting.assign_team(inspection=one, team=teams[one.mode == Mode.CROSS], actor=county)
        offices.file_round(self.cast, wave, when=opened, answer=answer)
        return self._in_order(wave)

    def _in_order(self, wave: Round) -> list[Inspection]:
        rows = wave.inspections.select_related("village__division", "township", "county", "round", "team")
        return sorted(rows, key=lambda one: (one.mode == Mode.CROSS, one.number))

    def _team(self, wave: Round, name: str, who: tuple[str, str, str]) -> Team:
        """Leader, member and deputy."""
        county, organ = self.cast["county"], self.cast[who[0]].organ
        team = inspecting.create_team(round=wave, organ=organ, name=name, actor=county)
        for username, post in zip(who, (TeamPost.LEADER, TeamPost.MEMBER, TeamPost.DEPUTY), strict=True):
            user = self.cast[username]
            inspecting.add_member(
                team=team, user=user, post=post, actor=county, starts_on=clock.today(), ends_on=wave.ends_on
            )
        return team

    def _members(self, inspection: Inspection) -> dict[str, User]:
        """The team's people by post."""
        members = TeamMember.objects.filter(team=inspection.team_id).select_related("user")
        return {one.post: self.cast[one.user.username] for one in members}

    def _inspect(self, inspection: Inspection, *, findings: int, entered: int, leave: bool = True) -> None:
        team = self._members(inspection)
        people = {"LEADER": team["LEADER"], "TEAM": team["MEMBER"]}
        with clock.on(clock.day(entered + 1)):
            fieldwork.write_papers(inspection, self.cast["county"], self.cast["head"], PaperKind.PLAN, PaperKind.NOTICE)
            fieldwork.do_duties(inspection, people | {"OFFICE": self.cast["county"]})
        with clock.on(clock.day(entered)):
            team = self._members(inspection)
            leader, member = team["LEADER"], team["MEMBER"]
            inspection = inspecting.enter_inspection(inspection=inspection, actor=leader)
        fieldwork.Village(inspection, leader, member, self.random_of(inspection)).tell(entered, whole=leave)
        with clock.on(clock.day(max(entered - 4, 1))):
            fieldwork.do_duties(inspection, people if leave else {"TEAM": member})
        for number, text in enumerate(self.random.sample(self.texts, findings)):
            with clock.on(clock.day(max(entered - 1 - number, 1))):
                finding = self._find(inspection, text, team)
                self._decide(finding, team, steps=3 if leave else 3 - number)
        if leave:
            with clock.on(clock.day(max(entered - 9, 1))):
                inspection = inspecting.leave_inspection(inspection=inspection, actor=leader)
        if leave and entered > 20:
            with clock.on(clock.day(entered - 12)):
                fieldwork.write_papers(inspection, team["MEMBER"], leader, PaperKind.REPORT)
                fieldwork.do_duties(inspection, people)

    def random_of(self, inspection: Inspection) -> random.Random:
        """The fieldwork's own dice, so that it changes nothing else of the story."""
        return random.Random(f"{self.seed} {inspection.number}")

    def _find(self, inspection: Inspection, text: Text, team: dict[str, User]) -> Finding:
        row, pick = text.row, self.random
        low, high = int(row["amount_min"]), int(row["amount_max"])
        amount = Decimal(pick.randrange(low, high + 1, 100)) if high else None
        name = inspection.village.division.name
        finding = inspecting.record_finding(
            inspection=inspection,
            actor=team["MEMBER"],
            checklist_item=inspection.checklist.items.get(code=row["item_code"]),
            title=row["title"],
            facts=text.facts(name, clock.day(400).year, amount),
            second_inspector=team["LEADER"],
            amount=amount,
            people_affected=pick.randrange(3, int(row["people_max"]) + 1) if int(row["people_max"]) > 3 else None,
            severity=row["severity"],
            is_common=row["common"] == "yes",
            is_immediate=row["immediate"] == "yes",
            evidence="查阅账目资料、入户走访",
        )
        fieldwork.confirm_by(finding, team["MEMBER"], self.random_of(inspection))
        return finding

    def _decide(self, finding: Finding, team: dict[str, User], *, steps: int) -> None:
        """The first `steps` of: signed by the second inspector, reviewed by the deputy, decided by the leader."""
        ways = (
            (inspecting.cosign_finding, "LEADER"),
            (inspecting.review_finding, "DEPUTY"),
            (inspecting.confirm_finding, "LEADER"),
        )
        for service, post in ways[: max(steps, 0)]:
            finding = service(finding=finding, actor=team[post])

    def _feed_back(self, inspection: Inspection, *, drafted: int, issued: int) -> Feedback:
        inspection.refresh_from_db()
        with clock.on(clock.day(drafted)):
            feedback = inspecting.draft_feedback(inspection=inspection, actor=self.cast["county"])
        with clock.on(clock.day(issued)):
            number = f"涪巡办交〔{clock.today().year}〕{inspection.pk}号"
            rectifying.hand_over(feedback=feedback, actor=self.cast["head"], document_number=number)
            fieldwork.do_duties(inspection, {"OFFICE": self.cast["county"]})
        feedback.refresh_from_db()
        return feedback

    def _switch_reminders_on(self) -> None:
        with clock.on(clock.day(60)):
            rectifying.set_reminders(county=self.county, on=True, actor=self.cast["head"])

"""Anybody tries anything in any order, through the services and by SQL: no illegal move succeeds, no legal one fails.

People change seats on the way, so that nobody rectifies, watches and verifies one item in any order.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import hypothesis
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from common import audit
from common.errors import Conflict
from inspections import services as inspecting
from rectification import services
from rectification.models import Dissent, Extension, RectificationItem
from tests.factories import inspections as field
from tests.factories import rectification as make
from tests.factories.world import change
from tests.rectification.item_law import ACTORS, LEGAL, NEXT, SEATS, Law

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 8
REFUSED = (PermissionDenied, ValidationError, Conflict)  # what a page can tell; the database alone would be a fault
anybody = st.runner().flatmap(lambda machine: st.sampled_from(ACTORS + 3 * NEXT[machine.status]))
quarrels = st.sampled_from(["upheld", "checked again", ""])


class Machine(Law, RuleBasedStateMachine):
    """One item, and whoever tries."""

    seen: Counter[str]
    stock: list[RectificationItem]
    taken: Iterator[int]

    @initialize(steps=st.integers(min_value=0, max_value=9), quarrel=quarrels)
    def begin(self, steps: int, quarrel: str) -> None:
        """Every second example begins far on its way: in turn with each end of a quarrel, and with none."""
        number = next(self.taken)
        if number % 2 == 0:
            steps, quarrel = 9, ("upheld", "checked again", "")[number // 2 % 3]
        self.item = self.stock[number % len(self.stock)]
        self.begin_law()
        self.home = {name: (one.organ_id, one.post) for name, one in self.world.people.items()}
        self.go_on(steps, quarrel)

    def teardown(self) -> None:
        for name, (organ, post) in getattr(self, "home", {}).items():
            change(self.world.people[name], organ_id=organ, post=post)

    # What people try

    def tries(self, call: Any, *, legal: bool) -> bool:
        """Does it go through? It must, exactly when it is legal."""
        refusal = None
        try:
            call()
        except REFUSED as error:
            refusal = error
        assert (refusal is None) == legal, f"legal: {legal}, refusal: {refusal!r}"
        return legal

    def reached(self, what: str) -> None:
        self.seen[what] += 1

    @rule(name=anybody)
    def accept(self, name: str) -> None:
        user = self.who(name)
        plan = {"measures": make.measures(self.item), "people": make.people()}
        legal = self.status == "ASSIGNED" and self.township(user)
        if self.tries(lambda: services.accept_item(item=self.item, actor=user, **plan), legal=legal):
            self.status = "IN_PROGRESS"
            self.rectified.add(user.pk)

    @rule(name=anybody, photo=st.booleans())
    def report(self, name: str, photo: bool) -> None:
        user, files = self.who(name), [make.photo()] if photo else []
        legal = self.status == "IN_PROGRESS" and (self.township(user) or self.village(user)) and not self.watches(user)
        why = {"text": "做了。", "files": files, "proxy_reason": "ENTRUSTED"}
        if self.tries(lambda: services.report_progress(item=self.item, actor=user, **why), legal=legal):
            self.rectified.add(user.pk)
            self.evidence |= photo

    @rule(name=anybody)
    def finish_a_measure(self, name: str) -> None:
        user, measure = self.who(name), self.item.measures.filter(done_on=None).first()
        legal = self.status == "IN_PROGRESS" and (self.township(user) or self.village(user)) and not self.watches(user)
        if measure and self.tries(lambda: services.complete_measure(measure=measure, actor=user), legal=legal):
            self.rectified.add(user.pk)

    @rule(name=anybody)
    def reply(self, name: str) -> None:
        user = self.who(name)
        side = "ORGANISATION" if self.sits(user, "ORGANISATION_DEPARTMENT", "county") else "TOWNSHIP"
        mine = self.township(user) or side == "ORGANISATION"
        legal = self.party and mine and self.status in ("ASSIGNED", "IN_PROGRESS") and side not in self.replied_now
        legal = legal and not self.watches(user)
        if self.tries(lambda: services.reply_to_item(item=self.item, actor=user, text="答。"), legal=legal):
            self.replies.add(side)
            self.replied_now.add(side)
            self.rectified.add(user.pk)

    @rule(name=anybody)
    def submit(self, name: str) -> None:
        user = self.who(name)
        legal = self.status == "IN_PROGRESS" and self.may_submit(user)
        if self.tries(lambda: services.submit_item(item=self.item, actor=user), legal=legal):
            self.status, self.submitter = "UNDER_SUPERVISION", user.pk
            self.rectified.add(user.pk)

    @rule(name=anybody, result=st.sampled_from(["PASS", "PASS", "OBJECT", "OBJECT", "FAIL"]))
    def sign(self, name: str, result: str) -> None:
        user = self.who(name)
        link, legal = str(self.link(user)), self.may_sign(user, result)
        if self.tries(lambda: make.sign(self.item, user, result), legal=legal):
            self.watched.add(user.pk)
            self.signed[link], self.voted[user.pk] = user.pk, link
            if result == "FAIL":
                self.again()
            elif result == "OBJECT":
                self.disputed = link
            else:
                self.passed.add(link)
            if len(self.passed) == 3:
                self.status = "UNDER_VERIFICATION"

    @rule(name=anybody, uphold=st.booleans())
    def decide_between_links(self, name: str, uphold: bool) -> None:
        """The county decides: the item goes back, or the link that objected checks again."""
        user, dissent = self.who(name), Dissent.objects.filter(item=self.item).order_by("pk").last()
        if dissent is None:
            return
        legal = bool(self.disputed) and self.may_judge(user)
        given = {"dissent": dissent, "actor": user, "uphold": uphold, "note": "核对过。"}
        if self.tries(lambda: services.decide_dissent(**given), legal=legal):
            self.judged.add(user.pk)
            self.reached("upheld" if uphold else "checked again")
            link = self.disputed
            if uphold:
                self.again()
            else:
                self.doubted, self.disputed = link, ""
                del self.signed[link]

    @rule(name=anybody, content=st.sampled_from([2, 20]))
    def ask_villagers(self, name: str, content: int) -> None:
        user = self.who(name)
        legal = self.status in ("UNDER_SUPERVISION", "UNDER_VERIFICATION", "CLOSED") and user.pk not in self.rectified
        legal = legal and (self.office(user) or self.link(user) is not None)
        counts = {"asked": 20, "satisfied": content, "fair": 0, "polled_on": timezone.localdate()}
        given = {"item": self.item, "actor": user, "key": uuid.uuid4(), "channel": "VISIT"} | counts
        if self.tries(lambda: services.record_poll(**given), legal=legal):
            self.reached("villagers asked")
            self.polled.add(user.pk)
            self.asked, self.content = self.asked + 20, self.content + content

    def again(self) -> None:
        self.status, self.attempt = "IN_PROGRESS", self.attempt + 1
        self.begin_attempt()

    @rule(name=anybody, opinion=st.sampled_from(["", "不满意的是另一件事，已另行立项。"]))
    def verify(self, name: str, opinion: str) -> None:
        """What under four in five of the villagers are content with is not closed without a reason."""
        user = self.who(name)
        legal = self.status == "UNDER_VERIFICATION" and self.may_close(user)
        legal = legal and (bool(opinion) or self.content >= self.asked * 0.8)
        if self.tries(lambda: services.verify_item(item=self.item, actor=user, opinion=opinion), legal=legal):
            self.reached("closed")
            self.status = "CLOSED"
            self.judged.add(user.pk)

    @rule(name=anybody)
    def send_back(self, name: str) -> None:
        user = self.who(name)
        legal = self.status == "UNDER_VERIFICATION" and self.may_judge(user)
        if self.tries(lambda: services.return_item(item=self.item, actor=user, note="补充。"), legal=legal):
            self.judged.add(user.pk)
            self.again()

    @rule(name=anybody)
    def reopen(self, name: str) -> None:
        user = self.who(name)
        legal = self.status == "CLOSED" and self.office(user) and user.post == "HEAD"
        if self.tries(lambda: services.reopen_item(item=self.item, actor=user, note="反弹。"), legal=legal):
            self.again()

    @rule(name=anybody, days=st.integers(min_value=1, max_value=40))
    def ask_for_time(self, name: str, days: int) -> None:
        """The township asks, the county decides; the state stays as it is."""
        user, now = self.who(name), self.item_now()
        pending = Extension.objects.filter(item=self.item, status="ASKED").exists()
        wanted = (now.deadline or timezone.localdate()) + timedelta(days=days)
        legal = self.township(user) and self.status != "CLOSED" and not pending and not self.watches(user)
        asked = {"item": self.item, "actor": user, "new_deadline": wanted, "reason": "汛期"}
        if self.tries(lambda: services.ask_extension(**asked), legal=legal):
            self.rectified.add(user.pk)

    @rule(name=anybody, granted=st.booleans())
    def decide_on_time(self, name: str, granted: bool) -> None:
        user = self.who(name)
        request = Extension.objects.filter(item=self.item, status="ASKED").first()
        if request is None:
            return
        service = services.grant_extension if granted else services.refuse_extension
        legal = self.office(user) and user.pk not in self.rectified
        self.tries(lambda: service(extension=request, actor=user, note="按实际"), legal=legal)

    @rule(times=st.integers(min_value=1, max_value=4), quarrel=quarrels)
    def go_on(self, times: int, quarrel: str) -> None:
        """What usually comes next, so that the end is reached often enough; with or without links that disagree."""
        for _time in range(times):
            self.next_step(quarrel)

    def next_step(self, quarrel: str) -> None:
        if self.status == "ASSIGNED":
            self.accept("township_secretary")
        elif self.status == "IN_PROGRESS" and not self.evidence:
            self.report("village_secretary", photo=True)
        elif self.status == "IN_PROGRESS" and self.party and len(self.replies) < 2:
            self.reply("township_secretary" if "TOWNSHIP" not in self.replies else "org_officer")
        elif self.status == "IN_PROGRESS":
            self.submit("township_secretary")
        elif self.disputed:
            self.decide_between_links("county_officer", uphold=quarrel == "upheld")
        elif self.status == "UNDER_SUPERVISION":
            order = ("discipline_officer", "discipline_member", "supervisor")
            unsigned = [one for one in order if self.link(self.who(one)) not in self.signed]
            objects = bool(quarrel) and self.passed and not self.doubted
            self.sign(unsigned[0] if unsigned else order[0], result="OBJECT" if objects else "PASS")
        elif self.status == "UNDER_VERIFICATION" and not self.asked:
            self.ask_villagers("supervisor", content=20)
        elif self.status == "UNDER_VERIFICATION":
            self.verify("county_officer", opinion="同意。")
        else:
            self.reopen("county_head")

    @rule(name=st.sampled_from(SEATS), seat=st.sampled_from(SEATS))
    def change_seats(self, name: str, seat: str) -> None:
        organ, post = self.home[seat]
        change(self.world.people[name], organ_id=organ, post=post)

    # What SQL tries, as the application's role

    @rule(goal=st.sampled_from(sorted({to for _from, to in LEGAL} | {"ASSIGNED"})))
    def sql_without_an_event(self, goal: str) -> None:
        if goal != self.status:
            with pytest.raises(DatabaseError), transaction.atomic():
                self.write(goal, self.world.people["county_officer"])

    @rule(name=anybody, goal=st.sampled_from(["UNDER_SUPERVISION", "UNDER_VERIFICATION", "CLOSED"]))
    def sql_with_a_forged_event(self, name: str, goal: str) -> None:
        """Even with an event in one's own name the database lets nothing through that is not one's own to do."""
        user, done = self.who(name), False
        if goal == self.status:
            return
        with suppress(DatabaseError, Undone), transaction.atomic():
            audit.record("forged", self.item, actor=user, source=self.status, target=goal)
            self.write(goal, user)
            done = True
            raise Undone
        may = {
            "UNDER_SUPERVISION": self.status == "IN_PROGRESS" and self.may_submit(user),
            "UNDER_VERIFICATION": False,
            "CLOSED": self.status == "UNDER_VERIFICATION" and self.may_close(user),
        }
        assert not done or may[goal]

    def write(self, goal: str, user: User) -> None:
        values: dict[str, Any] = {"status": goal}
        if goal == "UNDER_SUPERVISION":
            values |= {"submitted_by": user, "submitted_at": timezone.now()}
        if goal == "CLOSED":
            values |= {"closed_by": user, "closed_at": timezone.now()}
        RectificationItem.objects.filter(pk=self.item.pk).update(**values)

    # What holds after each step

    def item_now(self) -> RectificationItem:
        return RectificationItem.objects.get(pk=self.item.pk)

    @invariant()
    def the_item_is_where_it_should_be(self) -> None:
        if not hasattr(self, "item"):
            return
        now = self.item_now()
        assert (now.status, now.attempt) == (self.status, self.attempt)
        moves = audit.history(self.item).exclude(source="").values_list("source", "target")
        assert {pair for pair in moves if pair[0] != pair[1]} <= LEGAL

    @invariant()
    def nobody_stands_on_two_sides(self) -> None:
        if hasattr(self, "item"):
            assert not self.rectified & (self.watched | self.judged | self.polled)
            assert not self.watched & self.judged
            if self.status == "CLOSED":
                closer = self.item_now().closed_by_id
                assert closer not in self.rectified | self.watched
                assert len(set(self.signed.values())) == 3


class Undone(Exception):
    """Takes the attempt back."""


@pytest.mark.parametrize("kind", ["ordinary", "party", "immediate"])
def test_nobody_finds_an_illegal_move(world, settings, tmp_path, kind):
    """Three kinds of items, each played through by as many examples as there are items of it."""
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    Machine.world, Machine.stock, Machine.seen, Machine.taken = world, stock(world, kind), Counter(), count()
    run_state_machine_as_test(
        Machine,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
    assert {"upheld", "checked again", "villagers asked", "closed"} <= set(Machine.seen)


def stock(world: Any, kind: str) -> list[RectificationItem]:
    make.deadlines()
    inspection = field.running_inspection(world)
    if kind == "immediate":
        return [make.immediate_item(world, inspection, title=f"立改{n}") for n in range(EXAMPLES)]
    about = inspection.checklist.items.filter(party_building=kind == "party").first()
    for n in range(EXAMPLES):
        field.confirmed_finding(world, inspection, title=f"问题{n}", checklist_item=about)
    feedback = inspecting.draft_feedback(inspection=field.leave(world, inspection), actor=world.county_officer)
    return services.hand_over(feedback=feedback, actor=world.county_head)

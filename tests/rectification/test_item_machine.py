"""Anybody tries anything in any order, through the services and by SQL: no illegal move succeeds, no legal one fails.

`may_…` is a second opinion, written from the design's table of who acts; it knows nothing of the policy or the
transitions. People change seats on the way, so that nobody rectifies, watches and verifies one item in any order.
"""

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
from rectification.enums import Link
from rectification.models import Extension, RectificationItem
from tests.factories import inspections as field
from tests.factories import rectification as make

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 5
REFUSED = (PermissionDenied, ValidationError, Conflict, DatabaseError)
ACTORS = [
    "township_secretary",
    "township_officer",
    "village_secretary",
    "discipline_officer",
    "discipline_member",
    "supervisor",
    "county_officer",
    "county_head",
    "org_officer",
    "city_officer",
    "leading_group",
    "sibling_township_secretary",
    "other_county_head",
]
anybody = st.sampled_from(ACTORS)
LEGAL = {
    ("ASSIGNED", "IN_PROGRESS"),
    ("IN_PROGRESS", "UNDER_SUPERVISION"),
    ("UNDER_SUPERVISION", "IN_PROGRESS"),
    ("UNDER_SUPERVISION", "UNDER_VERIFICATION"),
    ("UNDER_VERIFICATION", "IN_PROGRESS"),
    ("UNDER_VERIFICATION", "CLOSED"),
    ("CLOSED", "IN_PROGRESS"),
}
SEATS = ("township_officer", "discipline_officer", "discipline_member", "county_officer")
LINKS = {
    ("TOWNSHIP_DISCIPLINE", "DISCIPLINE_OFFICER"): Link.TOWNSHIP_DISCIPLINE_OFFICER,
    ("TOWNSHIP_DISCIPLINE", "DISCIPLINE_MEMBER"): Link.TOWNSHIP_DISCIPLINE_MEMBER,
    ("VILLAGE_SUPERVISORY", "HEAD"): Link.VILLAGE_SUPERVISORY_COMMITTEE,
}


class Machine(RuleBasedStateMachine):
    """One item; what must hold of it is kept here by hand."""

    world: Any
    stock: list[RectificationItem]
    taken = count()

    @initialize()
    def begin(self) -> None:
        self.item = self.stock[next(self.taken) % len(self.stock)]
        self.party = self.item.finding.checklist_item.party_building
        self.status, self.attempt, self.submitter = "ASSIGNED", 1, None
        self.rectified: set[int] = set()
        self.watched: set[int] = set()
        self.judged: set[int] = set()
        self.signed: dict[str, int] = {}  # link → signer, of this attempt
        self.evidence, self.replies, self.replied_now = False, set(), set()
        self.home = {name: (one.organ_id, one.post) for name, one in self.world.people.items()}

    def teardown(self) -> None:
        for name, (organ, post) in getattr(self, "home", {}).items():
            User.objects.filter(pk=self.world.people[name].pk).update(organ_id=organ, post=post)

    # Who may, by the design

    def who(self, name: str) -> User:
        return User.objects.select_related("organ__division").get(pk=self.world.people[name].pk)

    def sits(self, user: User, kind: str, place: str) -> bool:
        return user.organ.kind == kind and user.organ.division_id == getattr(self.item, f"{place}_id")

    def township(self, user: User) -> bool:
        return self.sits(user, "PARTY_COMMITTEE", "township")

    def village(self, user: User) -> bool:
        return self.sits(user, "VILLAGE_PARTY", "village")

    def office(self, user: User) -> bool:
        return self.sits(user, "INSPECTION_OFFICE", "county")

    def link(self, user: User) -> Any:
        place = "village" if user.organ.kind == "VILLAGE_SUPERVISORY" else "township"
        return LINKS.get((user.organ.kind, user.post)) if self.sits(user, user.organ.kind, place) else None

    def watches(self, user: User) -> bool:
        return user.pk in self.watched | self.judged

    def may_submit(self, user: User) -> bool:
        answered = not self.party or self.replies == {"TOWNSHIP", "ORGANISATION"}
        return self.township(user) and self.evidence and answered and not self.watches(user)

    def may_close(self, user: User) -> bool:
        return self.office(user) and len(self.signed) == 3 and user.pk not in self.rectified | self.watched

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

    @rule(name=anybody, good=st.sampled_from([True, True, False]))
    def sign(self, name: str, good: bool) -> None:
        user = self.who(name)
        link = self.link(user)
        legal = self.status == "UNDER_SUPERVISION" and link is not None and link not in self.signed
        legal = legal and user.pk not in self.rectified and user.pk not in self.signed.values()
        result = "PASS" if good else "FAIL"
        if self.tries(lambda: make.sign(self.item, user, result), legal=legal):
            self.watched.add(user.pk)
            self.signed[str(link)] = user.pk
            if not good:
                self.again()
            elif len(self.signed) == 3:
                self.status = "UNDER_VERIFICATION"

    def again(self) -> None:
        self.status, self.attempt, self.signed = "IN_PROGRESS", self.attempt + 1, {}
        self.evidence, self.replied_now = False, set()

    @rule(name=anybody)
    def verify(self, name: str) -> None:
        user = self.who(name)
        legal = self.status == "UNDER_VERIFICATION" and self.may_close(user)
        if self.tries(lambda: services.verify_item(item=self.item, actor=user, opinion="同意。"), legal=legal):
            self.status = "CLOSED"
            self.judged.add(user.pk)

    @rule(name=anybody)
    def send_back(self, name: str) -> None:
        user = self.who(name)
        took_part = {self.submitter, self.item_now().accepted_by_id} | self.watched
        legal = self.status == "UNDER_VERIFICATION" and self.office(user) and user.pk not in took_part
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
        legal = self.township(user) and self.status != "CLOSED" and not pending
        self.tries(
            lambda: services.ask_extension(item=self.item, actor=user, new_deadline=wanted, reason="汛期"), legal=legal
        )

    @rule(name=anybody, granted=st.booleans())
    def decide_on_time(self, name: str, granted: bool) -> None:
        user = self.who(name)
        request = Extension.objects.filter(item=self.item, status="ASKED").first()
        if request is None:
            return
        service = services.grant_extension if granted else services.refuse_extension
        legal = self.office(user) and request.asked_by_id != user.pk
        self.tries(lambda: service(extension=request, actor=user, note="按实际"), legal=legal)

    @rule(times=st.integers(min_value=1, max_value=4))
    def go_on(self, times: int) -> None:
        """What usually comes next, so that the end is reached often enough."""
        for _time in range(times):
            self.next_step()

    def next_step(self) -> None:
        if self.status == "ASSIGNED":
            self.accept("township_secretary")
        elif self.status == "IN_PROGRESS" and not self.evidence:
            self.report("village_secretary", photo=True)
        elif self.status == "IN_PROGRESS" and self.party and len(self.replies) < 2:
            self.reply("township_secretary" if "TOWNSHIP" not in self.replies else "org_officer")
        elif self.status == "IN_PROGRESS":
            self.submit("township_secretary")
        elif self.status == "UNDER_SUPERVISION":
            order = ("discipline_officer", "discipline_member", "supervisor")
            unsigned = [one for one in order if self.link(self.who(one)) not in self.signed]
            self.sign(unsigned[0] if unsigned else order[0], good=True)
        elif self.status == "UNDER_VERIFICATION":
            self.verify("county_officer")
        else:
            self.reopen("county_head")

    @rule(name=st.sampled_from(SEATS), seat=st.sampled_from(SEATS))
    def change_seats(self, name: str, seat: str) -> None:
        organ, post = self.home[seat]
        User.objects.filter(pk=self.world.people[name].pk).update(organ_id=organ, post=post)

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
            assert not self.rectified & self.watched
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
    Machine.world, Machine.stock = world, stock(world, kind)
    run_state_machine_as_test(
        Machine,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=60,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )


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

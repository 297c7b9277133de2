"""A second opinion on who may do what with an item, written from the design's table of who acts.

It keeps by hand where an item stands and who did what, and knows nothing of the policy or the transitions.
"""

from typing import Any

from accounts.models import User
from rectification.enums import Link
from rectification.models import RectificationItem

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
NEXT = {  # who usually acts, tried more often than the others
    "ASSIGNED": ["township_secretary"],
    "IN_PROGRESS": ["township_secretary", "township_officer", "village_secretary", "org_officer"],
    "UNDER_SUPERVISION": ["discipline_officer", "discipline_member", "supervisor", "county_officer"],
    "UNDER_VERIFICATION": ["county_officer", "county_head", "supervisor"],
    "CLOSED": ["county_head", "county_officer"],
}
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


class Law:
    """One item; what must hold of it is kept here by hand."""

    world: Any
    item: RectificationItem

    def begin_law(self) -> None:
        self.party = self.item.finding.checklist_item.party_building
        self.status, self.attempt, self.submitter = "ASSIGNED", 1, None
        self.rectified: set[int] = set()
        self.watched: set[int] = set()
        self.judged: set[int] = set()
        self.polled: set[int] = set()
        self.begin_attempt()
        self.replies: set[str] = set()

    def begin_attempt(self) -> None:
        self.signed: dict[str, int] = {}  # link → signer
        self.passed: set[str] = set()  # links
        self.voted: dict[int, str] = {}  # signer → link, objections included
        self.disputed = self.doubted = ""  # the link that objects, while the county thinks; that has to check again
        self.asked = self.content = 0
        self.evidence, self.replied_now = False, set()

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
        return user.pk in self.watched | self.judged | self.polled

    def may_judge(self, user: User) -> bool:
        return self.office(user) and user.pk not in self.rectified | self.watched

    def may_sign(self, user: User, result: str) -> bool:
        """One's own link, once; against what another has passed, once; nobody while the county thinks."""
        link = self.link(user)
        mine = link is not None and link not in self.signed and self.voted.get(user.pk, link) == link
        objects = result != "OBJECT" or (bool(self.passed) and link != self.doubted)
        free = user.pk not in self.rectified | self.judged and not self.disputed
        return self.status == "UNDER_SUPERVISION" and mine and objects and free

    def may_submit(self, user: User) -> bool:
        answered = not self.party or self.replies == {"TOWNSHIP", "ORGANISATION"}
        return self.township(user) and self.evidence and answered and not self.watches(user)

    def may_close(self, user: User) -> bool:
        return self.may_judge(user) and len(self.signed) == 3

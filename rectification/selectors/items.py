"""One item with all that its page shows, and what forms take over from earlier items."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from accounts.enums import OrganKind
from accounts.models import User
from common import audit, policy
from inspections.models import InspectionFile
from rectification.enums import ExtensionStatus, ItemStatus, Link, ResponsibleKind
from rectification.models import (
    Attachment,
    CheckPhoto,
    Dissent,
    Extension,
    Measure,
    ProgressReport,
    RectificationItem,
    Responsible,
    SupervisionCheck,
)
from rectification.rules import checks_now, has_standing, link_of


def items() -> "QuerySet[RectificationItem]":
    """Items with the rows around them that every page about one item names."""
    return RectificationItem.objects.select_related(
        "finding__checklist_item",
        "inspection__team",
        "inspection__round",
        "feedback",
        "village__division",
        "township",
        "county",
        "accepted_by__organ",
        "submitted_by__organ",
        "closed_by__organ",
        "party_receipt__signer",
    )


def extensions() -> "QuerySet[Extension]":
    return Extension.objects.select_related(
        "item__finding", "item__county", "item__township", "item__village__division", "asked_by__organ"
    )


def extensions_of(item: RectificationItem) -> list[Extension]:
    return list(item.extensions.select_related("asked_by__organ", "decided_by__organ").order_by("-id"))


def pending_extension(item: RectificationItem) -> Extension | None:
    return item.extensions.filter(status=ExtensionStatus.ASKED).first()


def reports_of(item: RectificationItem) -> list[ProgressReport]:
    """Progress reports, newest first, each with its files."""
    files = Prefetch("attachments", Attachment.objects.order_by("created_at", "name"))
    return list(item.reports.select_related("author__organ", "proxy_for").prefetch_related(files).order_by("-id"))


def checks_of(item: RectificationItem) -> list[SupervisionCheck]:
    rows = SupervisionCheck.objects.filter(item=item).select_related("signer__organ", "dissent__decided_by__organ")
    return list(rows.prefetch_related("photos").order_by("-id"))


def chain_of(item: RectificationItem, checks: list[SupervisionCheck]) -> dict[Link, SupervisionCheck | None]:
    """The three links with their last signature of the present attempt."""
    signed = {one.link: one for one in sorted(checks, key=lambda one: one.pk) if one.attempt == item.attempt}
    return {Link(link): signed.get(link) for link in Link.values}


def found_with(item: RectificationItem, user: User) -> list[InspectionFile]:
    """Copies of the documents that the finding cites, as far as the person may see the inspection's files."""
    if not policy.may(user, "view", InspectionFile):
        return []
    rows = InspectionFile.objects.filter(document__citations__finding=item.finding_id)
    return list(policy.visible(user, rows).order_by("created_at", "name"))


def has_signed(user: User, item: RectificationItem) -> bool:
    """Has the person's link been signed in the present attempt, by whomever, and need not check again?"""
    return any(one.link == link_of(user) and has_standing(one) for one in checks_now(item))


def dissents() -> "QuerySet[Dissent]":
    around = ("finding", "county", "township", "village__division")
    return Dissent.objects.select_related(*(f"item__{one}" for one in around), "raised_by__signer__organ")


def load_checks(items: Sequence[RectificationItem]) -> None:
    """The signatures of all these items in one query, for what the policy asks of each."""
    columns = ("item", "attempt", "link", "result", "signer", "dissent__raised_by", "dissent__status")
    checks = SupervisionCheck.objects.select_related("dissent").only(*columns)
    prefetch_related_objects(items, Prefetch("checks", checks))


def events_of(item: RectificationItem, limit: int = 200) -> list[Any]:
    return list(audit.history(item)[:limit])


def reminders_of(item: RectificationItem, limit: int = 50) -> list[Any]:
    return list(item.reminders.select_related("rule").order_by("-id")[:limit])


def measure(item: RectificationItem, pk: int) -> Measure | None:
    return item.measures.filter(pk=pk).first()


def with_measures(chosen: list[RectificationItem]) -> dict[int, list[Measure]]:
    """Item → its measures, for those of the batch that have any."""
    found: dict[int, list[Measure]] = {}
    for one in Measure.objects.filter(item__in=chosen):
        found.setdefault(one.item_id, []).append(one)
    return found


def last_people(item: RectificationItem) -> dict[str, dict[str, str]]:
    """沿用上次: the four responsible of the item that this township accepted last, as {kind: {name, post, phone}}."""
    accepted = RectificationItem.objects.filter(township=item.township_id).exclude(status=ItemStatus.ASSIGNED)
    last = accepted.exclude(pk=item.pk).order_by("-accepted_at").values("pk")[:1]
    return people_by_kind(Responsible.objects.filter(item__in=last))


def people_by_kind(rows: "QuerySet[Responsible]") -> dict[str, dict[str, str]]:
    found = {one.kind: {"name": one.name, "post": one.post, "phone": one.phone} for one in rows}
    return {kind: found[kind] for kind in ResponsibleKind.values if kind in found}


def signers_of(item: RectificationItem) -> dict[str, list[User]]:
    """Who could sign each link of this item now: people in office, so that a vacant post is seen."""
    places = {item.township_id, item.village_id}
    kinds = [OrganKind.TOWNSHIP_DISCIPLINE, OrganKind.VILLAGE_SUPERVISORY]
    people = User.objects.filter(is_active=True, organ__kind__in=kinds, organ__division_id__in=places)
    found: dict[str, list[User]] = {link: [] for link in Link.values}
    for person in people.select_related("organ"):
        link = link_of(person)
        if link is not None:
            found[link].append(person)
    return found


def attachment(pk: Any) -> Attachment | CheckPhoto | None:
    """A file of a progress report or of a signature."""
    found = Attachment.objects.select_related("item").filter(pk=pk).first()
    return found or CheckPhoto.objects.select_related("item").filter(pk=pk).first()

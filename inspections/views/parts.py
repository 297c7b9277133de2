"""What the pages of one inspection share: the row of tabs under its heading, and the acts in the field."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from common import policy
from inspections.models import Conversation, Inspection, Mobilisation
from inspections.transitions import inspection_takes_records


def tabs(user: Any, inspection: Inspection, current: str) -> list[dict[str, Any]]:
    """概况, 责任清单, 巡中, as far as the person may open them."""
    pages = (
        ("detail", _("概况"), "inspections.Inspection"),
        ("duties", _("责任清单"), "inspections.Duty"),
        ("fieldwork", _("发动与谈访"), "inspections.Mobilisation"),
    )
    return [
        {"label": label, "url": reverse(f"inspections:{name}", args=[inspection.pk]), "current": name == current}
        for name, label, model in pages
        if policy.may(user, "view", model)
    ]


def sees_sources(user: Any, inspection: Inspection) -> bool:
    """May the person know who was talked to in this inspection?"""
    return bool(policy.allows(user, "view", Conversation(inspection=inspection)))


@dataclass(frozen=True)
class Takes:
    """Which records may be written down or changed now: talks and visits, and the others."""

    talks: bool
    others: bool


def takes(inspection: Inspection) -> Takes:
    kinds = ("Conversation", "Mobilisation")
    return Takes(*(inspection_takes_records(inspection, one) is None for one in kinds))


def field_acts(user: Any, inspection: Inspection, now: Takes) -> dict[str, Any]:
    """The short pages that write down what was just done; none for whoever is not on the team."""
    may = policy.allows(user, "add", Mobilisation(inspection=inspection))
    acts = act_links(inspection, now) if may else []
    urls = {one["name"]: one["url"] for one in acts}
    return {"acts": acts, "talk_url": urls.get("talk_new", ""), "visit_url": urls.get("visit_new", "")}


def act_links(inspection: Inspection, now: Takes) -> list[dict[str, Any]]:
    pages = (
        ("talk_new", _("谈一次"), "message-circle", now.talks),
        ("visit_new", _("访一户"), "home", now.talks),
        ("mobilisation_new", _("发动一次"), "speakerphone", now.others),
        ("document_new", _("查一份"), "file-search", now.others),
    )
    return [
        {"name": name, "label": label, "url": reverse(f"inspections:{name}", args=[inspection.pk]), "icon": icon}
        for name, label, icon, open_now in pages
        if open_now
    ]

"""Scopes of the four tiers, and what is granted on accounts and the audit trail (domain.md, who sees what)."""

from typing import Any

from django.utils.translation import gettext as _

from common import policy

from .enums import OrganKind, Post, Role, Tier

policy.named({str(one): one.label for kind in (Role, Post) for one in kind})


@policy.scope("ALL", "全部")
def everything(user: Any) -> dict[str, Any]:
    return {}


@policy.scope("CITY", "本市")
def city(user: Any) -> dict[str, Any] | None:
    return {"county__parent_id": user.organ.division_id} if user.division.tier == Tier.CITY else None


@policy.scope("COUNTY", "本县")
def county(user: Any) -> dict[str, Any] | None:
    return {"county_id": user.organ.division_id} if user.division.tier == Tier.COUNTY else None


@policy.scope("TOWNSHIP", "本乡镇")
def township(user: Any) -> dict[str, Any] | None:
    return {"township_id": user.organ.division_id} if user.division.tier == Tier.TOWNSHIP else None


@policy.scope("VILLAGE", "本村")
def village(user: Any) -> dict[str, Any] | None:
    return {"village_id": user.organ.division_id} if user.division.tier == Tier.VILLAGE else None


@policy.scope("SELF", "本人")
def own(user: Any) -> dict[str, Any]:
    return {"recipient_id": user.pk}


@policy.scope("SEAT", "本级单位")
def seat(user: Any) -> dict[str, Any]:
    return {"organ__division_id": user.organ.division_id}


@policy.scope("TOWNSHIP_SEATS", "本县乡镇（街道）单位")
def township_seats(user: Any) -> dict[str, Any]:
    return {"organ__division__parent_id": user.organ.division_id}


@policy.scope("VILLAGE_SEATS", "本县村（社区）单位")
def village_seats(user: Any) -> dict[str, Any]:
    return {"organ__division__parent__parent_id": user.organ.division_id}


USER, DIVISION = "accounts.User", "accounts.Division"
policy.grant(USER, Role.SYSTEM_ADMIN, "ALL", "view", "manage", "countersign")
policy.grant(DIVISION, Role.SYSTEM_ADMIN, "ALL", "view", "manage")
for reach in ("SEAT", "TOWNSHIP_SEATS", "VILLAGE_SEATS"):
    policy.grant(USER, Role.COUNTY_OFFICE, reach, "view", "manage", posts=[Post.HEAD])
    policy.grant(DIVISION, Role.COUNTY_OFFICE, reach, "view", "manage", posts=[Post.HEAD])
OF_CITY_OFFICE = (OrganKind.INSPECTION_OFFICE, OrganKind.INSPECTION_TEAM)
policy.grant(USER, Role.CITY_OFFICE, "SEAT", "view", "manage", posts=[Post.HEAD], organ__kind__in=OF_CITY_OFFICE)
policy.grant(DIVISION, Role.CITY_OFFICE, "SEAT", "view", "manage", posts=[Post.HEAD])
policy.grant("common.AuditEvent", Role.SECURITY_AUDITOR, "ALL", "view")
for role in Role:
    if role != Role.TEAM_MEMBER:
        policy.grant("common.Message", role, "SELF", "view")
policy.grant("common.Message", Role.TEAM_MEMBER, "SELF", "view")


@policy.condition(USER, "manage", "countersign")
def nobody_manages_themselves(user: Any, account: Any) -> str | None:
    return _("不能办理自己的账号，请由系统管理员办理。") if account.pk == user.pk else None


@policy.condition(USER, "manage")
def heads_leave_their_superiors_alone(user: Any, account: Any) -> str | None:
    """Who approves an office's plans, or heads an office, gets the account from the administrator of the system."""
    heads = account.organ.kind == OrganKind.INSPECTION_OFFICE and account.post == Post.HEAD
    if Role.SYSTEM_ADMIN in user.roles or not (heads or account.organ.kind == OrganKind.LEADING_GROUP):
        return None
    return _("领导小组成员和巡察办主要负责人的账号，请由系统管理员办理。")


@policy.condition(USER, "countersign")
def countersigner_did_not_ask(user: Any, account: Any) -> str | None:
    return _("由您本人提出，须由另一名系统管理员复核。") if account.asked_by_id == user.pk else None

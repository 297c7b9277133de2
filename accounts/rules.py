"""Scopes of the four tiers, and what is granted on accounts and the audit trail (domain.md, who sees what)."""

from typing import Any

from django.utils.translation import gettext as _

from common import policy

from .enums import Role, Tier


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


policy.grant("accounts.User", Role.SYSTEM_ADMIN, "ALL", "view", "manage")
policy.grant("common.AuditEvent", Role.SECURITY_AUDITOR, "ALL", "view")
for role in Role:
    if role != Role.TEAM_MEMBER:
        policy.grant("common.Message", role, "SELF", "view")
policy.grant("common.Message", Role.TEAM_MEMBER, "SELF", "view")


@policy.condition("accounts.User", "manage")
def nobody_manages_themselves(user: Any, account: Any) -> str | None:
    return _("不能办理自己的账号，请由另一名系统管理员办理。") if account.pk == user.pk else None

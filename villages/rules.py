"""Who may see and do what with villages, classes and rosters (domain.md, who sees what)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Post, Role, Tier
from common import policy

VILLAGE, CLASSIFICATION, IMPORT = (
    "villages.Village",
    "villages.Classification",
    "villages.RosterImport",
)
KIND, RULES, SAVED, PLACE = (
    "villages.VillageKind",
    "villages.RuleSet",
    "villages.SavedFilter",
    "accounts.Division",
)
STEWARDS = (Post.ROSTER_ADMINISTRATOR, Post.HEAD)

# "tally": what counts as covered for the unit, not the villages of another county that its people inspect besides.
policy.grant(VILLAGE, Role.CITY_OFFICE, "CITY", "view", "tally", "export", "view_class")
policy.grant(
    VILLAGE,
    Role.CITY_OFFICE,
    "CITY",
    "import",
    "adjust",
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)
policy.grant(
    VILLAGE,
    Role.COUNTY_OFFICE,
    "COUNTY",
    "view",
    "tally",
    "export",
    "view_class",
    "edit",
    "classify",
)
policy.grant(
    VILLAGE,
    Role.COUNTY_OFFICE,
    "COUNTY",
    "import",
    "adjust",
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)
policy.grant(VILLAGE, Role.LEADING_GROUP, "COUNTY", "view", "tally", "export", "view_class")
policy.grant(VILLAGE, Role.COUNTY_DISCIPLINE, "COUNTY", "view")
policy.grant(VILLAGE, Role.ORGANISATION_DEPARTMENT, "COUNTY", "view")
policy.grant(VILLAGE, Role.TOWNSHIP_COMMITTEE, "TOWNSHIP", "view", "export")
policy.grant(VILLAGE, Role.TOWNSHIP_DISCIPLINE, "TOWNSHIP", "view", "export")
policy.grant(VILLAGE, Role.VILLAGE_ORGANISATION, "VILLAGE", "view")
policy.grant(VILLAGE, Role.SUPERVISORY_COMMITTEE, "VILLAGE", "view")

policy.grant(CLASSIFICATION, Role.CITY_OFFICE, "CITY", "view")
policy.grant(CLASSIFICATION, Role.COUNTY_OFFICE, "COUNTY", "view", "propose")
policy.grant(CLASSIFICATION, Role.COUNTY_OFFICE, "COUNTY", "approve", "reject", posts=[Post.HEAD])
policy.grant(CLASSIFICATION, Role.LEADING_GROUP, "COUNTY", "view")

policy.grant(
    IMPORT,
    Role.CITY_OFFICE,
    "ALL",
    "view",
    "commit",
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)
policy.grant(
    IMPORT,
    Role.COUNTY_OFFICE,
    "COUNTY",
    "view",
    "commit",
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)


for role in (Role.CITY_OFFICE, Role.COUNTY_OFFICE, Role.LEADING_GROUP):
    policy.grant(KIND, role, "ALL", "view")
policy.grant(KIND, Role.CITY_OFFICE, "ALL", "name", posts=STEWARDS)

# The city's rules are everybody's who sees classes, once they are in force; a county's are its own and the city's.
CITYS: dict[str, Any] = {"county__isnull": True}
ENABLED: dict[str, Any] = {"enabled_at__isnull": False}
policy.grant(RULES, Role.CITY_OFFICE, "ALL", "view", **CITYS)
policy.grant(RULES, Role.CITY_OFFICE, "CITY", "view", **ENABLED)
policy.grant(RULES, Role.CITY_OFFICE, "ALL", "edit", "enable", posts=STEWARDS, **CITYS)
policy.grant(RULES, Role.COUNTY_OFFICE, "ALL", "view", **CITYS, **ENABLED)
policy.grant(RULES, Role.COUNTY_OFFICE, "COUNTY", "view", "edit")
policy.grant(RULES, Role.COUNTY_OFFICE, "COUNTY", "enable", posts=[Post.HEAD])
policy.grant(RULES, Role.LEADING_GROUP, "ALL", "view", **CITYS, **ENABLED)
policy.grant(RULES, Role.LEADING_GROUP, "COUNTY", "view", **ENABLED)

for role in Role:
    if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR):
        policy.grant(SAVED, role, "SELF", "view", "edit")


@policy.scope("COUNTIES_OF_CITY", "本市的县")
def counties_of_city(user: Any) -> dict[str, Any] | None:
    return {"parent_id": user.organ.division_id} if user.division.tier == Tier.CITY else None


@policy.scope("TOWNSHIPS_OF_CITY", "本市的乡镇")
def townships_of_city(user: Any) -> dict[str, Any] | None:
    return {"parent__parent_id": user.organ.division_id} if user.division.tier == Tier.CITY else None


@policy.scope("TOWNSHIPS_OF_COUNTY", "本县的乡镇")
def townships_of_county(user: Any) -> dict[str, Any] | None:
    return {"parent_id": user.organ.division_id} if user.division.tier == Tier.COUNTY else None


policy.grant(PLACE, Role.CITY_OFFICE, "COUNTIES_OF_CITY", "view", "mark", tier=Tier.COUNTY)
policy.grant(PLACE, Role.CITY_OFFICE, "TOWNSHIPS_OF_CITY", "view", "mark", tier=Tier.TOWNSHIP)
policy.grant(PLACE, Role.CITY_OFFICE, "TOWNSHIPS_OF_CITY", "adjust", posts=STEWARDS, tier=Tier.TOWNSHIP)
policy.grant(PLACE, Role.COUNTY_OFFICE, "TOWNSHIPS_OF_COUNTY", "view", "mark", tier=Tier.TOWNSHIP)
policy.grant(PLACE, Role.COUNTY_OFFICE, "TOWNSHIPS_OF_COUNTY", "adjust", posts=STEWARDS, tier=Tier.TOWNSHIP)


@policy.condition(CLASSIFICATION, "approve")
def approver_is_not_proposer(user: Any, classification: Any) -> str | None:
    if classification.status == "PROPOSED" and classification.proposer_id == user.pk:
        return _("分类由您本人提出，须由其他负责人审定。")
    return None

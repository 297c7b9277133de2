"""Who may see and do what with villages, classes and rosters (domain.md, who sees what)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Post, Role
from common import policy

VILLAGE, CLASSIFICATION, IMPORT = (
    "villages.Village",
    "villages.Classification",
    "villages.RosterImport",
)

policy.grant(VILLAGE, Role.CITY_OFFICE, "CITY", "view", "export", "view_class")
policy.grant(
    VILLAGE,
    Role.CITY_OFFICE,
    "CITY",
    "import",
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)
policy.grant(
    VILLAGE,
    Role.COUNTY_OFFICE,
    "COUNTY",
    "view",
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
    posts=[Post.ROSTER_ADMINISTRATOR, Post.HEAD],
)
policy.grant(VILLAGE, Role.LEADING_GROUP, "COUNTY", "view", "export", "view_class")
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


@policy.condition(CLASSIFICATION, "approve")
def approver_is_not_proposer(user: Any, classification: Any) -> str | None:
    if classification.status == "PROPOSED" and classification.proposer_id == user.pk:
        return _("分类由您本人提出，须由其他负责人审定。")
    return None

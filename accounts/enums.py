from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    CITY = "CITY", _("市")
    COUNTY = "COUNTY", _("县（市、区）")
    TOWNSHIP = "TOWNSHIP", _("乡镇（街道）")
    VILLAGE = "VILLAGE", _("村（社区）")


class Mark(TextChoices):
    """Where the campaign is tried out or shown (A2): a county, a township or a village."""

    NONE = "", _("无")
    PILOT = "PILOT", _("试点")
    DEMONSTRATION = "DEMONSTRATION", _("示范")


class OrganKind(TextChoices):
    INSPECTION_OFFICE = "INSPECTION_OFFICE", _("巡察办")
    LEADING_GROUP = "LEADING_GROUP", _("巡察工作领导小组")
    INSPECTION_TEAM = "INSPECTION_TEAM", _("巡察组")
    DISCIPLINE_COMMISSION = "DISCIPLINE_COMMISSION", _("纪委监委")
    ORGANISATION_DEPARTMENT = "ORGANISATION_DEPARTMENT", _("组织部")
    FUNCTIONAL_DEPARTMENT = "FUNCTIONAL_DEPARTMENT", _("职能部门")
    PARTY_COMMITTEE = "PARTY_COMMITTEE", _("乡镇（街道）党委")
    TOWNSHIP_DISCIPLINE = "TOWNSHIP_DISCIPLINE", _("乡镇（街道）纪委")
    VILLAGE_PARTY = "VILLAGE_PARTY", _("村（社区）党组织")
    VILLAGE_SUPERVISORY = "VILLAGE_SUPERVISORY", _("村务监督委员会")
    SYSTEM_ADMINISTRATION = "SYSTEM_ADMINISTRATION", _("系统管理")
    SECURITY_AUDIT = "SECURITY_AUDIT", _("安全审计")


class Post(TextChoices):
    HEAD = "HEAD", _("主要负责人")
    OFFICER = "OFFICER", _("干部")
    ROSTER_ADMINISTRATOR = "ROSTER_ADMINISTRATOR", _("名册管理员")
    TEAM_LEADER = "TEAM_LEADER", _("巡察组组长")
    DISCIPLINE_OFFICER = "DISCIPLINE_OFFICER", _("纪检专干")
    DISCIPLINE_MEMBER = "DISCIPLINE_MEMBER", _("纪委委员")


class Role(TextChoices):
    """What the policy speaks of: organ kind x tier; TEAM_MEMBER comes from the inspections a person is on."""

    CITY_OFFICE = "CITY_OFFICE", _("市委巡察办")
    COUNTY_OFFICE = "COUNTY_OFFICE", _("县委巡察办")
    LEADING_GROUP = "LEADING_GROUP", _("县委巡察工作领导小组")
    TEAM_MEMBER = "TEAM_MEMBER", _("巡察组成员")
    COUNTY_DISCIPLINE = "COUNTY_DISCIPLINE", _("县纪委监委")
    ORGANISATION_DEPARTMENT = "ORGANISATION_DEPARTMENT", _("县委组织部")
    COUNTY_DEPARTMENT = "COUNTY_DEPARTMENT", _("县级职能部门")
    TOWNSHIP_COMMITTEE = "TOWNSHIP_COMMITTEE", _("乡镇（街道）党委")
    TOWNSHIP_DISCIPLINE = "TOWNSHIP_DISCIPLINE", _("乡镇（街道）纪委")
    VILLAGE_ORGANISATION = "VILLAGE_ORGANISATION", _("村（社区）党组织")
    SUPERVISORY_COMMITTEE = "SUPERVISORY_COMMITTEE", _("村务监督委员会")
    SYSTEM_ADMIN = "SYSTEM_ADMIN", _("系统管理员")
    SECURITY_AUDITOR = "SECURITY_AUDITOR", _("安全审计员")


ROLE_OF = {
    (OrganKind.INSPECTION_OFFICE, Tier.CITY): Role.CITY_OFFICE,
    (OrganKind.INSPECTION_OFFICE, Tier.COUNTY): Role.COUNTY_OFFICE,
    (OrganKind.LEADING_GROUP, Tier.COUNTY): Role.LEADING_GROUP,
    (OrganKind.DISCIPLINE_COMMISSION, Tier.COUNTY): Role.COUNTY_DISCIPLINE,
    (OrganKind.ORGANISATION_DEPARTMENT, Tier.COUNTY): Role.ORGANISATION_DEPARTMENT,
    (OrganKind.FUNCTIONAL_DEPARTMENT, Tier.COUNTY): Role.COUNTY_DEPARTMENT,
    (OrganKind.PARTY_COMMITTEE, Tier.TOWNSHIP): Role.TOWNSHIP_COMMITTEE,
    (OrganKind.TOWNSHIP_DISCIPLINE, Tier.TOWNSHIP): Role.TOWNSHIP_DISCIPLINE,
    (OrganKind.VILLAGE_PARTY, Tier.VILLAGE): Role.VILLAGE_ORGANISATION,
    (OrganKind.VILLAGE_SUPERVISORY, Tier.VILLAGE): Role.SUPERVISORY_COMMITTEE,
    (OrganKind.SYSTEM_ADMINISTRATION, Tier.CITY): Role.SYSTEM_ADMIN,
    (OrganKind.SECURITY_AUDIT, Tier.CITY): Role.SECURITY_AUDITOR,
}

POSTS_OF = {
    OrganKind.INSPECTION_OFFICE: (Post.HEAD, Post.OFFICER, Post.ROSTER_ADMINISTRATOR),
    OrganKind.INSPECTION_TEAM: (Post.TEAM_LEADER, Post.OFFICER),
    OrganKind.TOWNSHIP_DISCIPLINE: (Post.HEAD, Post.DISCIPLINE_OFFICER, Post.DISCIPLINE_MEMBER, Post.OFFICER),
}
USUAL_POSTS = (Post.HEAD, Post.OFFICER)
TEAM_TIERS = (Tier.CITY, Tier.COUNTY)  # an inspection team's people get their rights from the team, not from here
SEVERAL_AT_A_PLACE = frozenset({OrganKind.FUNCTIONAL_DEPARTMENT, OrganKind.INSPECTION_TEAM})


def kinds_at(tier: str) -> list[OrganKind]:
    """The kinds of organ that a division of this tier can have."""
    usual = [kind for kind, at in ROLE_OF if at == tier]
    return usual + ([OrganKind.INSPECTION_TEAM] if tier in TEAM_TIERS else [])


def posts_of(kind: str) -> tuple[Post, ...]:
    return POSTS_OF.get(OrganKind(kind), USUAL_POSTS)

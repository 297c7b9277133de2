"""Rounds, teams and members as their pages need them (D1)."""

from django.db.models import QuerySet

from inspections.models import Round, Team, TeamMember


def for_page() -> QuerySet[Round]:
    return Round.objects.select_related("plan", "county")


def team_for_page(pk: int) -> Team:
    """Of a team whose round the caller has checked."""
    return Team.objects.select_related("organ__division", "round__county", "round__plan").get(pk=pk)


def member_for_page(pk: int) -> TeamMember:
    rows = TeamMember.objects.select_related("user__organ", "team__round__county", "team__round__plan")
    return rows.get(pk=pk)

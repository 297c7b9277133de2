"""Rounds: opening one, its teams and members, and giving inspections to teams (D1, D2)."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit, policy
from common.errors import Conflict
from common.gate import get_object, requires
from common.paging import page_of
from inspections import services
from inspections.enums import Stage
from inspections.forms.base import NoteForm
from inspections.forms.rounds import AssignForm, MemberChangeForm, MemberForm, RoundChangeForm, RoundForm, TeamForm
from inspections.models import Inspection, Round, Team, TeamMember
from inspections.selectors import inspections as read
from inspections.selectors import plans, rounds
from inspections.selectors.filings import last_filing
from inspections.selectors.load import days_in_villages, load_with, setting_of
from inspections.selectors.recusals import recused_of
from inspections.selectors.teams import teams_of
from inspections.transitions import team_fits_mode

from .batch import chosen_ids
from .timeline import events

ROUND = "inspections.Round"
SIZE = 100


@requires("add", ROUND)
@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object(request.user, plans.for_page(), "edit", pk=pk)
    waves = plans.waves_to_open(plan)
    form = RoundForm(request.POST or None, waves=waves)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_round(plan=plan, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%s 已开展。下一步：组建巡察组，派到各村。") % made)
            return redirect(made)
    context = {"plan": plan, "form": form, "waves": waves}
    return render(request, "inspections/round_new.html", context, status=422 if form.errors else 200)


@requires("view", ROUND)
@require_GET
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object(request.user, rounds.for_page(), pk=pk)
    may_edit = bool(policy.allows(request.user, "edit", found))
    without = request.GET.get("t") == "without"
    page = page_of(read.of_round(request.user, found, without), request.GET, by="number", size=SIZE)
    load_of = read.team_load(found) if may_edit else {}
    for inspection in page.rows:
        inspection.mismatch = team_fits_mode(inspection, {}) if inspection.status == Stage.BEFORE else None
    teams = list(teams_of(found)) if may_edit else []
    people = [member.user for team in teams for member in team.members.all()]
    days, most = days_in_villages(people, found.plan.year) if teams else {}, setting_of(found.county).member_days
    for team in teams:
        team.load = load_of.get(team.pk, 0)
        for member in team.members.all():
            member.days = days[member.user_id]
            member.too_many = member.days > most
    _mark_recused(teams, page.rows)
    context = {
        "filing": last_filing(round=found),
        "may_file": may_edit and policy.allows(request.user, "file", found),
        "round": found,
        "page": page,
        "teams": teams,
        "form": AssignForm(round=found) if teams else None,
        "without": without,
        "without_count": load_of.get(None, 0),
        "total": sum(load_of.values()),
        "may_edit": may_edit,
        "may_correct": may_edit and not read.round_has_begun(found),
        "sees_plans": policy.may(request.user, "view", "inspections.AnnualPlan"),
        "events": events(audit.history(found)[:30]) if may_edit else [],
    }
    return render(request, "inspections/round_detail.html", context)


def _mark_recused(teams: list[Team], inspections: Sequence[Inspection]) -> None:
    """Mark villages, not yet left, whose team has somebody who must keep away, and the members who must."""
    away = recused_of([member.user for team in teams for member in team.members.all()])
    for team in teams:
        going = [one for one in inspections if one.team_id == team.pk and one.status in (Stage.BEFORE, Stage.DURING)]
        for member in team.members.all():
            torn = [one for one in going if not member.has_ended and one.township_id in away[member.user_id]]
            member.torn = bool(torn)
            for one in torn:
                one.torn = True


@requires("edit", ROUND)
@require_http_methods(["GET", "POST"])
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and days may be corrected until the first team enters."""
    found = get_object(request.user, rounds.for_page(), "edit", pk=pk)
    if refusal := read.round_has_begun(found):
        raise Conflict(refusal)
    initial = {"name": found.name, "starts_on": found.starts_on, "ends_on": found.ends_on}
    form = RoundChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.change_round(round=found, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("轮次已更正，还没有进驻的村的计划日期已随之移动。"))
            if outside := "、".join(str(one.village) for one in read.out_of_round(found)):
                messages.warning(request, _("这些村的日期不在本轮之内，请重新排期：%s。") % outside)
            return redirect(found)
    context = {"round": found, "form": form}
    return render(request, "inspections/round_edit.html", context, status=422 if form.errors else 200)


@requires("file", ROUND)
@require_POST
def round_file(request: HttpRequest, pk: int) -> HttpResponse:
    """File the round with the city, after confirmation."""
    found = get_object(request.user, rounds.for_page(), "file", pk=pk)
    if request.POST.get("confirmed") != "1":
        effect = _("将把“%s”报市委巡察办备案。") % found
        context = {
            "title": _("报市备案"),
            "effect": effect,
            "verb": _("报市备案"),
            "cancel_url": found.get_absolute_url(),
        }
        return render(request, "_parts/confirm_page.html", context)
    try:
        services.file_round(round=found, actor=request.user)
    except ValidationError as error:
        for one in error.messages:
            messages.error(request, one)
    else:
        messages.success(request, _("“%s”已报市备案，等待市级受理。") % found)
    return redirect(found)


@requires("edit", ROUND)
@require_POST
def round_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ticked inspections to a team; all of them or none."""
    found = get_object(request.user, rounds.for_page(), "edit", pk=pk)
    form = AssignForm(request.POST, round=found)
    chosen = read.inspections(request.user).filter(round=found, pk__in=chosen_ids(request))
    chosen = chosen.select_related("village__division", "township")
    if not form.is_valid() or not chosen:
        messages.warning(request, _("请先勾选村并选择巡察组。"))
        return redirect(found)
    team = form.cleaned_data["team"]
    try:
        with transaction.atomic():
            given = [services.assign_team(inspection=one, team=team, actor=request.user) for one in chosen]
            rest = services.line_up(inspections=given, actor=request.user) if form.cleaned_data["in_turn"] else []
    except ValidationError as error:
        for one in error.messages:
            messages.error(request, one)
        messages.error(request, _("本次没有派组，请调整后重新办理。"))
    else:
        messages.success(request, _("已把 %(count)s 个村派给%(team)s。") % {"count": len(given), "team": team})
        if rest:
            told = {"team": team, "names": "、".join(str(one.village) for one in rest)}
            messages.warning(request, _("本轮的日子不够%(team)s逐村去完，%(names)s的日期没有改，请分给其他组。") % told)
    return redirect(found)


@requires("edit", ROUND)
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object(request.user, rounds.for_page(), "edit", pk=pk)
    form = TeamForm(request.POST or None, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            team = services.create_team(round=found, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%s已组建，请增加组员。") % team)
            return redirect("inspections:member_new", team.pk)
    context = {"round": found, "form": form}
    return render(request, "inspections/team_new.html", context, status=422 if form.errors else 200)


@requires("edit", ROUND)
@require_http_methods(["GET", "POST"])
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    team, found = _team(request, pk)
    text = request.GET.get("q", "")[:40]
    form = MemberForm(request.POST or None, team=team, text=text)
    if request.method == "POST" and form.is_valid():
        try:
            member = services.add_member(team=team, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(user)s已进入%(team)s。") % {"user": member.user, "team": team})
            _warn_of_load(request, team, member)
            return redirect("inspections:member_new", pk) if "more" in request.POST else redirect(found)
    members = team.members.select_related("user__organ").order_by("post", "pk")
    context = {"round": found, "team": team, "form": form, "q": text, "members": members}
    return render(request, "inspections/member_new.html", context, status=422 if form.errors else 200)


def _warn_of_load(request: HttpRequest, team: Team, member: TeamMember) -> None:
    """Who is in villages for more days of the year than the county's limit, this team's included."""
    days = load_with(team, member.user, (member.starts_on, member.ends_on))
    most = setting_of(team.round.county).member_days
    if days > most:
        told = {"user": member.user, "days": days, "most": most}
        messages.warning(request, _("%(user)s全年驻村将达 %(days)s 天，超过上限 %(most)s 天，请考虑换人。") % told)


@requires("edit", ROUND)
@require_http_methods(["GET", "POST"])
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member, found = _member(request, pk)
    initial = {"post": member.post, "starts_on": member.starts_on, "ends_on": member.ends_on}
    form = MemberChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_member(member=member, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%s的岗位和授权日期已更新。") % member.user)
            member.refresh_from_db()
            _warn_of_load(request, member.team, member)
            return redirect(found)
    context = {"round": found, "member": member, "form": form}
    return render(request, "inspections/member_edit.html", context, status=422 if form.errors else 200)


@requires("edit", ROUND)
@require_POST
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    member, found = _member(request, pk)
    form = NoteForm(request.POST if "note" in request.POST else None, required=False, label=_("说明（可不填）"))
    if request.POST.get("confirmed") == "1" and (not form.is_bound or form.is_valid()):
        note = form.cleaned_data["note"] if form.is_bound else ""
        services.end_membership(member=member, actor=request.user, note=note)
        messages.success(request, _("%s的授权已经结束，立即生效。") % member.user)
        return redirect(found)
    context = {
        "title": _("结束授权"),
        "effect": _("%(user)s将立即看不到%(team)s的任何资料；已登记的底稿保留。")
        % {"user": member.user, "team": member.team},
        "verb": _("结束授权"),
        "cancel_url": reverse("inspections:member_edit", args=[pk]),
        "warn": True,
        "form": form,
    }
    return render(request, "_parts/confirm_page.html", context)


def _team(request: HttpRequest, pk: int) -> tuple[Team, Round]:
    """The team and its round, through the round's gate."""
    found = get_object(request.user, rounds.for_page(), "edit", teams=pk)
    return rounds.team_for_page(pk), found


def _member(request: HttpRequest, pk: int) -> tuple[TeamMember, Round]:
    found = get_object(request.user, rounds.for_page(), "edit", teams__members=pk)
    return rounds.member_for_page(pk), found

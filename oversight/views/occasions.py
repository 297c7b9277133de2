"""指导督导, 工作约谈, 听取研究, 激励考核 and what follows from them (G2, G5, G6, A4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common import audit, policy, workflow
from common.gate import get_object, requires
from common.paging import page_of
from inspections.views.moves import move_view
from inspections.views.timeline import events
from oversight import services
from oversight.enums import FollowUpStatus, OccasionKind
from oversight.forms.occasions import AnswerForm, FollowUpForm, OccasionForm, RecordForm, TalkRuleForm
from oversight.models import Commendation, FollowUp, Occasion, TalkRule
from oversight.selectors import occasions as read
from oversight.selectors.appraisals import commendations_of
from oversight.selectors.duty_board import duty_board

from .boards import county_of_query

ITEM = "rectification.RectificationItem"
OCCASION, FOLLOW_UP, TALK_RULE = Occasion._meta.label, FollowUp._meta.label, TalkRule._meta.label
both = require_http_methods(["GET", "POST"])


@requires("view", OCCASION)
@require_GET
def occasion_list(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("t", "")
    kind = kind if kind in OccasionKind.values else ""
    county = county_of_query(request.user, request.GET.get("county", ""))
    context = {
        "page": page_of(read.occasions(request.user, kind, county), request.GET),
        "kind": kind,
        "county": county,
        "tabs": OccasionKind.choices,
        "may_arrange": policy.may(request.user, "arrange", OCCASION),
        "may_propose": policy.may(request.user, "edit", TALK_RULE),
    }
    return render(request, "oversight/occasions.html", context)


@requires("view", OCCASION)
@require_GET
def occasion_page(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = get_object(request.user, read.occasion_for_page(), pk=pk)
    context = {
        "occasion": occasion,
        "rows": read.follow_ups(request.user).filter(occasion=occasion).order_by("number"),
        "buttons": workflow.buttons(occasion, request.user),
        "may_add": policy.allows(request.user, "add", FollowUp(occasion=occasion, county=occasion.county)),
        "may_commend": policy.allows(request.user, "add", Commendation(occasion=occasion, county=occasion.county)),
        "commendations": commendations_of(request.user, occasion),
        "events": events(audit.history(occasion)[:20]),
    }
    return render(request, "oversight/occasion.html", context)


@requires("arrange", OCCASION)
@both
def occasion_new(request: HttpRequest) -> HttpResponse:
    """With `kind`, `county` or `township` and `reason` in the address they stand in the form already."""
    form = OccasionForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.arrange_occasion(actor=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记“%s”。") % made)
            return redirect(made)
    return _form(request, form, _("登记督导活动"), _("登记"))


@requires("hold", OCCASION)
@both
def occasion_hold(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = get_object(request.user, read.occasion_for_page(), "hold", pk=pk)
    workflow.refuse_late(occasion, "hold")
    form = RecordForm(request.POST or None, initial={"day": occasion.day})
    if _done(request, form, lambda values: services.hold_occasion(occasion=occasion, actor=request.user, **values)):
        messages.success(request, _("已记录。记录不再更改，可以提出后续事项。"))
        return redirect(occasion)
    return _form(request, form, _("记录情况：%s") % occasion, _("记录情况"), occasion)


occasion_drop = move_view(
    load=read.occasion_for_page,
    name="drop",
    argument="occasion",
    service=services.drop_occasion,
    effect=gettext_lazy("将不进行：%s。"),
)


@requires("add", FOLLOW_UP)
@both
def follow_up_new(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = get_object(request.user, read.occasion_for_page(), pk=pk)
    policy.allows(request.user, "add", FollowUp(occasion=occasion, county=occasion.county)).demand()
    form = FollowUpForm(request.POST or None, organs=read.organs_for(occasion))
    if _done(request, form, lambda values: services.add_follow_up(occasion=occasion, actor=request.user, **values)):
        messages.success(request, _("已交办，落实单位会收到消息。"))
        return redirect(occasion)
    return _form(request, form, _("提出后续事项：%s") % occasion, _("交办"), occasion)


@requires("view", FOLLOW_UP)
@require_GET
def follow_up_list(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("t", "")
    status = status if status in FollowUpStatus.values else ""
    page = page_of(read.follow_ups(request.user, status), request.GET)
    context = {"page": page, "status": status, "tabs": FollowUpStatus.choices}
    return render(request, "oversight/follow_ups.html", context)


@requires("view", FOLLOW_UP)
@require_GET
def follow_up_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object(request.user, read.follow_up_for_page(), pk=pk)
    context = {
        "row": row,
        "occasion": policy.allows(request.user, "view", row.occasion) and row.occasion,
        "buttons": workflow.buttons(row, request.user),
        "events": events(audit.history(row)[:20]),
    }
    return render(request, "oversight/follow_up.html", context)


@requires("respond", FOLLOW_UP)
@both
def follow_up_answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object(request.user, read.follow_up_for_page(), "respond", pk=pk)
    workflow.refuse_late(row, "answer")
    form = AnswerForm(request.POST or None, initial={"answer": row.answer})
    if _done(request, form, lambda values: services.answer_follow_up(follow_up=row, actor=request.user, **values)):
        messages.success(request, _("已报送，等待确认。"))
        return redirect(row)
    return _form(request, form, _("报送落实情况：%s") % row, _("报送"), row)


follow_up_confirm = move_view(
    load=read.follow_up_for_page,
    name="confirm",
    argument="follow_up",
    service=services.confirm_follow_up,
    effect=gettext_lazy("将确认办结：%s。"),
    ask=True,
)
follow_up_send_back = move_view(
    load=read.follow_up_for_page,
    name="send_back",
    argument="follow_up",
    service=services.send_back_follow_up,
    effect=gettext_lazy("将退回重办：%s。"),
)


@requires("edit", TALK_RULE)
@both
def proposals(request: HttpRequest) -> HttpResponse:
    """Whom the rule proposes for a talk, and the rule itself."""
    form = TalkRuleForm(request.POST or None, rule=read.rule_of(request.user.division))
    if _done(request, form, lambda values: services.set_talk_rule(actor=request.user, **values)):
        messages.success(request, _("已保存约谈规则。"))
        return redirect("oversight:proposals")
    context = {"form": form, "found": read.proposals(request.user)}
    return render(request, "oversight/proposals.html", context, status=422 if form.errors else 200)


@requires("oversee", ITEM)
@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/duty_board.html", {"counties": duty_board(request.user)})


def _done(request: HttpRequest, form: Any, act: Any) -> bool:
    """Whether the form was sent and the service took it; else it shows what was refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _form(request: HttpRequest, form: Any, title: str, verb: str, parent: Any = None) -> HttpResponse:
    back = parent.get_absolute_url() if parent else reverse("oversight:occasions")
    context = {"form": form, "title": title, "verb": verb, "back": back, "parent": parent or _("督导活动")}
    return render(request, "oversight/form.html", context, status=422 if form.errors else 200)

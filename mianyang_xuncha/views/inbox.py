"""消息: what a person was told, what is new of it, and the items that a digest is about."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import inbox as box
from common.asked import numbers
from common.gate import get_object, requires
from common.models import Message
from common.paging import page_of
from rectification.selectors import lights
from rectification.selectors import reminders as digests

MESSAGE = "common.Message"
TONES = {Message.Kind.DIGEST: "amber", Message.Kind.URGE: "red", Message.Kind.NOTICE: "blue"}


@requires("view", MESSAGE)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Two tabs, newest first: 未读, 全部."""
    only_unread = request.GET.get("t") != "all"
    page = page_of(box.messages_of(request.user, only_unread=only_unread), request.GET)
    counts = digests.item_counts([one.pk for one in page.rows if one.kind == Message.Kind.DIGEST])
    actions = [{"label": _("标为已读"), "value": "read"}]
    if not only_unread:
        actions.append({"label": _("标为未读"), "value": "unread"})
    context = {
        "page": page,
        "rows": [_row(one, counts) for one in page.rows],
        "only_unread": only_unread,
        "unread": page.count if only_unread else box.unread(request.user),
        "actions": actions,
    }
    return render(request, "inbox/list.html", context)


def _row(message: Message, counts: dict[int, int]) -> dict[str, Any]:
    count = counts.get(message.pk, 0)
    note = _("%s 件整改事项") % count if message.kind == Message.Kind.DIGEST else message.body
    return {"message": message, "tone": TONES[Message.Kind(message.kind)], "note": note}


@requires("view", MESSAGE)
@require_safe
def inbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; a digest with those of its items that the reader may see today. Reading marks nothing."""
    message = get_object(request.user, Message.objects.all(), pk=pk)
    amber = lights.amber_days()
    lines = digests.digest_items(request.user, message) if message.kind == Message.Kind.DIGEST else []
    context = {
        "message": message,
        "tone": TONES[Message.Kind(message.kind)],
        "rows": [{"line": one, "item": one.reminder.item, "light": _light(one, amber)} for one in lines],
    }
    return render(request, "inbox/message.html", context)


def _light(line: Any, amber: dict[int, int]) -> Any:
    return lights.light_of(line.reminder.item, amber)


@requires("view", MESSAGE)
@require_POST
def inbox_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it points."""
    message = get_object(request.user, Message.objects.all(), pk=pk)
    box.mark_read(user=request.user, ids=[message.pk])
    inside = message.path and url_has_allowed_host_and_scheme(message.path, allowed_hosts=None)
    return redirect(message.path if inside else reverse("inbox_message", args=[message.pk]))


@requires("view", MESSAGE)
@require_POST
def inbox_mark(request: HttpRequest) -> HttpResponse:
    """标为已读, 标为未读 for the chosen ones; 全部标为已读."""
    action = request.POST.get("action")
    ids = list(numbers(request.POST.getlist("ids")))
    if action == "all":
        count = box.mark_read(user=request.user)
        messages.success(request, _("已将 %s 条消息标为已读。") % count)
    elif not ids:
        messages.warning(request, _("请先勾选消息，再标记。"))
    elif action == "unread":
        messages.success(request, _("已将 %s 条消息标为未读。") % box.mark_unread(user=request.user, ids=ids))
    else:
        messages.success(request, _("已将 %s 条消息标为已读。") % box.mark_read(user=request.user, ids=ids))
    tab = "?t=all" if request.POST.get("t") == "all" else ""
    return redirect(f"{reverse('inbox')}{tab}")

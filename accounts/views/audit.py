"""The audit trail, read by the security auditor alone."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.forms import AuditFilter
from common import audit
from common.audit_words import action_word, changes_of, object_word, status_word
from common.calendar import today
from common.gate import requires
from common.models import AuditEvent
from common.paging import page_of

EXPORT_ROWS = 50_000


@requires("view", "common.AuditEvent")
@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    found = _found(request, form)
    page = page_of(found, request.GET)
    context = {"form": form, "page": page, "rows": [row(one) for one in page.rows], "narrowed": form.has_changed()}
    return render(request, "accounts/audit.html", context, status=200 if form.is_valid() else 422)


def _found(request: HttpRequest, form: AuditFilter) -> Any:
    return selectors.events(user=request.user, **form.cleaned_data) if form.is_valid() else AuditEvent.objects.none()


def row(event: AuditEvent) -> dict[str, Any]:
    return {
        "event": event,
        "action": action_word(event.action, event.object_type),
        "object": object_word(event.object_type),
        "source": status_word(event.object_type, event.source),
        "target": status_word(event.object_type, event.target),
        "changes": changes_of(event),
    }


@requires("view", "common.AuditEvent")
@require_safe
def audit_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The events as filtered, for a table program; the export itself goes on record."""
    form = AuditFilter(request.GET)
    if not form.is_valid():
        return audit_trail(request)
    asked = {key: str(value) for key, value in form.cleaned_data.items() if value}
    audit.record(
        "export", "common.AuditEvent", actor=request.user, changes={key: ["", one] for key, one in asked.items()}
    )
    events = _found(request, form)[:EXPORT_ROWS].iterator(chunk_size=2000)
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{today():%Y-%m-%d}.csv"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(events: Iterator[AuditEvent]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    heads = [_("时间"), _("操作人"), _("动作"), _("对象类型"), _("对象"), _("结果"), _("原状态"), _("新状态")]
    yield "\ufeff" + writer.writerow([*heads, _("理由或说明"), _("变化"), _("来源地址"), _("请求号")])
    for one in events:
        cells = [
            f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}",
            one.actor_text,
            action_word(one.action, one.object_type),
            object_word(one.object_type),
            one.object_text or one.object_id,
            one.get_result_display(),
            status_word(one.object_type, one.source),
            status_word(one.object_type, one.target),
            one.note,
            "；".join(f"{name}：{old} → {new}" for name, old, new in changes_of(one)),
            one.ip or "",
            one.request_id,
        ]
        yield writer.writerow([_harmless(str(cell)) for cell in cells])


def _harmless(text: str) -> str:
    """A cell that a table program would take for a formula gets a quote in front."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

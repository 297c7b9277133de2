"""One import on its page: while a worker has it, before it is confirmed, and what it did (B5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from common import audit, policy
from common.gate import get_object, requires
from common.paging import page_of
from common.progress import is_attended
from villages.enums import Change, ImportState, PlannedChange
from villages.forms.rosters import LineQuery
from villages.models import RosterImport
from villages.roster import imports, progress, reporting
from villages.roster.sheets import row_said
from villages.selectors import rosters as read

from .present import import_events, numbered, planned_lines

TABS = (
    (PlannedChange.REFUSED, "refused"),
    (PlannedChange.CREATED, "created"),
    (PlannedChange.CHANGED, "changed"),
    (PlannedChange.RENAMED, "renamed"),
    (PlannedChange.MERGED, "merged"),
    (PlannedChange.WITHDRAWN, "withdrawn"),
    (PlannedChange.MISSING, "missing"),
)
# Where an import of each state is, and what its last step is called.
ENDS = _lazy("导入完成")
STEPS: dict[str, tuple[tuple[str, ...], Any]] = {
    ImportState.PREVIEWING: (("done", "now", "", ""), ENDS),
    ImportState.REFUSED: (("done", "now", "", ""), ENDS),
    ImportState.READY: (("done", "now", "", ""), ENDS),
    ImportState.COMMITTING: (("done", "done", "now", ""), ENDS),
    ImportState.COMMITTED: (("done", "done", "done", "done"), ENDS),
    ImportState.UNDOING: (("done", "done", "done", "now"), _lazy("撤回")),
    ImportState.UNDONE: (("done", "done", "done", "now"), _lazy("已撤回")),
    ImportState.DISCARDED: (("done", "done", "", "now"), _lazy("已放弃")),
    ImportState.FAILED: (("done", "", "", "now"), _lazy("不能导入")),
}
DIFFERING = (PlannedChange.CHANGED, PlannedChange.RENAMED, PlannedChange.MERGED, PlannedChange.WITHDRAWN)


@requires("view", "villages.RosterImport")
@require_safe
def roster_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """The preview, or after confirming what was done, by kind of change; while a worker has it, how far it is."""
    roster = get_object(request.user, read.with_names(), pk=pk)
    context = {
        "roster": roster,
        "steps": _steps(roster),
        "pending": roster.pending,
        "may_commit": policy.allows(request.user, "commit", roster),
        "events": import_events(audit.history(roster)),
    }
    if roster.job or roster.failed_at:
        return render(request, "villages/import_job.html", context | _working(roster))
    if getattr(request, "htmx", False):  # the page of a worker's progress asks whether it is done: it is
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= _lines(roster, request.GET) | {
        "stale": roster.pending and imports.current_version(roster) != roster.data_version,
        "refused": roster.result.get("refused", 0),
        "mendable": roster.result.get("rows", 0) <= reporting.MOST_WHOLE,
        "writes": imports.writes(roster.result),
        "kpis": _figures(roster.result),
        "seems_partial": _seems_partial(roster.result),
        "before": read.imported_before(roster) if roster.pending else None,
        "notes": [(row_said(row, read.sheets_of(roster)), text) for row, text in roster.result.get("notes", [])],
    }
    return render(request, "villages/import_detail.html", context)


def _working(roster: RosterImport) -> dict[str, Any]:
    running = progress.of(roster.pk) if roster.job else None
    return {"running": running, "attended": bool(running) or not roster.job or is_attended()}


def _lines(roster: RosterImport, params: Any) -> dict[str, Any]:
    """The lines of the tab that is open, narrowed by what was asked for."""
    counts = {str(change): roster.result.get(key) or 0 for change, key in TABS}
    shown = [] if roster.discarded_at else [change for change, number in counts.items() if number]
    tab = params.get("t", "")
    tab = tab if tab in shown else next(iter(shown), "")
    if not tab:
        return {"tabs": [], "tab": "", "page": None}
    query = LineQuery(
        params,
        townships=read.townships_of(roster, tab, counts[tab]),
        columns=read.columns_of(roster, tab),
        fields=tab in DIFFERING,
    )
    page = page_of(read.lines(roster, tab, query.asked()), params, by="id")
    kept = bool(roster.committed_at) and tab in Change.values
    if tab != PlannedChange.REFUSED:
        planned_lines(page.rows)
    if not kept and tab != PlannedChange.MISSING:
        numbered(page.rows, read.sheets_of(roster))
    return {
        "tabs": [
            {"key": one, "label": PlannedChange(one).label, "count": counts[one], "current": one == tab}
            for one in shown
        ],
        "tab": tab,
        "kept": kept,
        "query": query,
        "narrowed": bool(query.asked()),
        "page": page,
    }


def _seems_partial(result: dict[str, Any]) -> bool:
    """Most likely a survey of some townships: it lacks villages, and no village has come, ended or changed its name."""
    return bool(result["missing"]) and not any(result[key] for key in ("created", "renamed", "merged", "withdrawn"))


def _figures(result: dict[str, Any]) -> list[dict[str, Any]]:
    ended = result["merged"] + result["withdrawn"]
    rows = (
        (_("数据行"), result["rows"], ""),
        (_("新增"), result["created"], ""),
        (_("变更和更名"), result["changed"] + result["renamed"], ""),
        (_("并入和撤销"), ended, "amber" if ended else ""),
        (_("不变"), result["unchanged"], ""),
        (_("未通过"), result["refused"], "red" if result["refused"] else ""),
    )
    return [{"label": label, "value": value, "unit": _("行"), "tone": tone} for label, value, tone in rows]


def _steps(roster: RosterImport) -> list[dict[str, str]]:
    states, last = STEPS[roster.state]
    labels = (_("上传文件"), _("预检核对"), _("确认导入"), str(last))
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]

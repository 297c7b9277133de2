"""The list of villages, one village (一村一档), its profile by hand, the list as a workbook."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import policy
from common.gate import get_object, requires
from common.paging import CAP, page_of
from villages import panels, services
from villages.enums import VillageStatus
from villages.forms.queries import VillageQuery
from villages.forms.villages import VillageForm, refuse
from villages.models import UNNAMED, Village, VillageKind
from villages.roster import exporting
from villages.roster.wording import marks_of
from villages.selectors import villages as read
from villages.selectors.classes import classes_of
from villages.selectors.lineage import history_of, lineage_of

from .present import STATUS_TONES, change_lines, class_badge, class_lines, with_badges, workbook
from .profile import survey_of

NEWEST = 10
VILLAGE, CLASSIFICATION = "villages.Village", "villages.Classification"


@requires("view", VILLAGE)
@require_safe
def village_list(request: HttpRequest) -> HttpResponse:
    query = query_of(request.user, request.GET)
    sees_class = "klass" in query.fields
    asked = query.filters()
    page = page_of(read.filtered(request.user, asked), request.GET, by="division__code")
    with_badges(page.rows, read.may_see_class(request.user, page.rows) if sees_class else set())
    context = {
        "query": query,
        "page": page,
        "sees_class": sees_class,
        "sees_classes": policy.may(request.user, "view", CLASSIFICATION),
        "sees_county": request.user.division.tier == "CITY",  # type: ignore[union-attr]
        "kpis": _figures(request, read.class_counts(request.user, asked)) if sees_class else None,
        "filtered": bool(query.asked()),
        "saved": _saved(request, query),
        "may_mark": policy.may(request.user, "mark", "accounts.Division"),
        "exported": _exported(request, asked),
        "may_export": policy.may(request.user, "export", VILLAGE),
        "may_import": policy.may(request.user, "import", VILLAGE),
        "export_query": request.GET.urlencode(),
    }
    return render(request, "villages/list.html", context, status=422 if query.errors else 200)


def _exported(request: HttpRequest, asked: read.Filters) -> int | None:
    """How many rows the export has, where they are not just those of the list: of a team's villages, only the own."""
    if not policy.may(request.user, "export", VILLAGE) or policy.same(request.user, "view", "export", Village):
        return None
    return read.exported(request.user, asked).order_by()[: CAP + 1].count()


def _saved(request: HttpRequest, query: VillageQuery) -> list[dict[str, Any]]:
    """The person's own filters; the one that the list is asked by now is marked."""
    now = query.kept()
    return [{"filter": one, "current": one.asked == now} for one in read.saved_filters(request.user)]


def query_of(user: Any, given: Any) -> VillageQuery:
    """The list's query form, with the choices that this person has."""
    sees_class = bool(policy.may(user, "view_class", VILLAGE))
    divisions = read.places_for(user, given.get("county", ""))
    kinds = VillageKind.objects.exclude(name=UNNAMED) if sees_class else ()
    return VillageQuery(given, divisions=divisions, kinds=kinds, sees_class=sees_class)


def _figures(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    standing, total = counts.pop(read.ALL), sum(counts.values())
    place = {key: request.GET[key] for key in ("county", "township") if request.GET.get(key)}
    figures: list[dict[str, Any]] = [{"label": _("在册村（社区）"), "value": standing, "unit": _("个")}]
    for klass, number in counts.items():
        badge = class_badge(None if klass == read.NO_CLASS else klass)
        query = "&".join(f"{key}={value}" for key, value in {**place, "klass": klass}.items())
        figures.append(
            {
                "label": badge["word"],
                "value": number,
                "unit": _("个"),
                "url": f"?{query}",
                "tone": "amber" if klass == read.NO_CLASS and number else "",
                "note": f"{number / total:.1%}" if total else "",
            }
        )
    return figures


def _load() -> Any:
    return Village.objects.select_related(
        "division", "township", "county", "successor__division", "successor__township", "missing_from"
    )


@requires("view", VILLAGE)
@require_safe
def village_detail(request: HttpRequest, code: str) -> HttpResponse:
    village = get_object(request.user, _load(), division__code=code)
    sees_class = bool(policy.allows(request.user, "view_class", village))
    classes = list(classes_of(village)) if sees_class else []
    lineage = lineage_of(village)
    history = list(history_of(village, lineage.ancestors)[: NEWEST + 1])
    context = {
        "village": village,
        "status_tone": STATUS_TONES[village.status],
        "survey": survey_of(village),
        "marks": marks_of(village),
        "lineage": lineage,
        "history": change_lines(history[:NEWEST], village),
        "more_history": len(history) > NEWEST,
        "sees_class": sees_class,
        "sees_classes": policy.may(request.user, "view", CLASSIFICATION),
        "badge": class_badge(village.klass) if sees_class else None,
        "current": next((one for one in classes if one.status == "APPROVED"), None),
        "proposed": next((one for one in classes if one.status == "PROPOSED"), None),
        "class_history": class_lines(classes),
        "may_edit": policy.allows(request.user, "edit", village),
        "may_adjust": policy.allows(request.user, "adjust", village),
        "may_classify": village.status == VillageStatus.ACTIVE and policy.allows(request.user, "classify", village),
        "panels": panels.for_village(request.user, village),
    }
    return render(request, "villages/detail.html", context)


@requires("view", VILLAGE)
@require_safe
def village_history(request: HttpRequest, code: str) -> HttpResponse:
    """Every change of the profile, old and new."""
    village = get_object(request.user, _load(), division__code=code)
    page = page_of(history_of(village, lineage_of(village).ancestors), request.GET)
    context = {"village": village, "page": page, "history": change_lines(page.rows, village)}
    return render(request, "villages/history.html", context)


@requires("edit", VILLAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def village_edit(request: HttpRequest, code: str) -> HttpResponse:
    village = get_object(request.user, _load(), "edit", division__code=code)
    title = village.full_name
    form = VillageForm(request.POST or None, instance=village)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_village(
                village=village, actor=request.user, version=form.cleaned_data["version"], **form.changes()
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%s”的村情已保存，修改前后的内容都有记录。") % title)
            return redirect("villages:detail", code=code)
    context = {"form": form, "village": village, "title": title, "code": code}
    return render(request, "villages/edit.html", context, status=422 if form.errors else 200)


@requires("export", VILLAGE)
@require_safe
def village_export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook that imports unchanged."""
    query = query_of(request.user, request.GET)
    if query.errors:
        return redirect(f"{reverse('villages:list')}?{request.GET.urlencode()}")
    try:
        content, name = exporting.export(user=request.user, asked=query.filters(), said=query.said())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(f"{reverse('villages:list')}?{request.GET.urlencode()}")
    return workbook(content, name)

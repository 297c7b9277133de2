"""村级建制调整 in the browser: what waits, the worksheet of a township, its preview; whole townships; taking back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Division
from common.asked import numbers
from common.calendar import today
from common.errors import OutOfScope
from common.gate import requires
from common.paging import page_of
from villages import followers, services
from villages.enums import Act, Confidence
from villages.forms.adjustments import TownshipQuery, Worksheet
from villages.models import Village
from villages.selectors import undecided as read
from villages.selectors.likeness import suggest_successors
from villages.selectors.villages import places_for
from villages.services.notices import receivers

VILLAGE = "villages.Village"
SHEET = 100
TONES = {Confidence.HIGH: "green", Confidence.MEDIUM: "amber", Confidence.LOW: ""}
ACT_TONES = {Act.MERGE: "amber", Act.RECODE: "blue", Act.WITHDRAW: "amber", Act.KEEP: "green"}


@requires("adjust", VILLAGE)
@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    """What waits, township by township."""
    query = TownshipQuery(request.GET, divisions=places_for(request.user, request.GET.get("county", "")))
    asked = query.asked()
    county = asked.get("county")
    rows = read.townships_with_counts(
        request.user, county=county, text=asked.get("q", ""), only_waiting=not asked.get("all")
    )
    found = read.progress(request.user, county)
    total = found["waiting"] + found["decided"]
    context = {
        "query": query,
        "page": page_of(rows, request.GET, by="code"),
        "filtered": bool(asked),
        "sees_county": request.user.division.tier == "CITY",
        "progress": found,
        "pct": found["decided"] * 100 / total if total else None,
        "rosters": read.lacking_rosters(request.user),
        "county": county,
    }
    return render(request, "villages/adjustments.html", context, status=422 if query.errors else 200)


# --------------------------------------------------------------------- worksheet


@requires("adjust", VILLAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def adjust_township(request: HttpRequest, code: str) -> HttpResponse:
    """The worksheet of one township: choose, look at what it does, confirm."""
    township = township_of(request, code)
    if request.method != "POST":
        rows = read.on_sheet(request.user, township, every="all" in request.GET, code=request.GET.get("village", ""))
        page = page_of(rows, request.GET, by="division__code", size=SHEET)
        return _worksheet(request, township, _form(request, page.rows), page)
    form = _form(request, _posted(request))
    if form.is_valid() and "back" not in request.POST:
        try:
            if request.POST.get("confirmed") == "1":
                return _carry_out(request, township, form)
            return _preview(request, township, form)
        except ValidationError as error:
            form.refuse(error)
    return _worksheet(request, township, form)


def _form(request: HttpRequest, villages: Sequence[Village]) -> Worksheet:
    return Worksheet(
        request.POST if request.method == "POST" else None,
        villages=villages,
        candidates=suggest_successors(villages),
        user=request.user,
        adopt=request.GET.get("adopt", ""),
    )


def _posted(request: HttpRequest) -> list[Village]:
    """The villages that stood on the sheet, also those that somebody else has decided meanwhile."""
    ids = numbers(key.removeprefix("v_") for key in request.POST if key.startswith("v_"))
    villages = list(read.adjustable(request.user, ids)[: SHEET + 1])
    if len(villages) != len(ids) or len(villages) > SHEET:
        raise OutOfScope(_("有的村不在您的范围内，请刷新页面后重新办理。"))
    return villages


def township_of(request: HttpRequest, code: str) -> Division:
    """The township, 404 where the person may not adjust."""
    found = read.townships_of(request.user).filter(code=code).first()
    if found is None:
        raise OutOfScope() if Division.objects.filter(code=code).exists() else Http404()
    return found


def _worksheet(request: HttpRequest, township: Division, form: Worksheet, page: Any = None) -> HttpResponse:
    loads = followers.loads(list(form.villages))
    for line in form.lines:
        line.work = followers.told(loads, line.village.pk)
        line.tone = TONES[line.best.confidence] if line.best else ""
    sure = sum(1 for line in form.lines if line.best and line.best.confidence == Confidence.HIGH)
    context = {
        "township": township,
        "form": form,
        "page": page,
        "sure": sure,
        "choosable": list(read.choosable(township.parent_id)),
        "waiting": read.waiting_in(request.user, township),
        "shows_all": "all" in request.GET,
        "single": bool(request.GET.get("village")),
        "confidences": [{"label": one.label, "tone": TONES[one]} for one in Confidence],
    }
    return render(request, "villages/adjust_township.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, township: Division, form: Worksheet) -> HttpResponse:
    """Nothing is written yet: what moves, who is told."""
    batch = services.prepare(decisions=form.decisions, order=form.order(), actor=request.user)
    order, loads = form.order(), followers.loads([one.village.pk for one in batch])
    ending = [one for one in batch if one.act != Act.KEEP]
    context = {
        "township": township,
        "form": form,
        "order": order,
        "lines": [_line(one, loads) for one in batch],
        "kpis": _figures(batch, loads),
        "since": _earlier_year(order) if ending else None,
        "told": len(receivers(ending, request.user)) if ending else 0,
        "hidden": [(key, value) for key in request.POST for value in request.POST.getlist(key) if key in form.fields],
    }
    return render(request, "villages/adjust_preview.html", context)


def _earlier_year(order: services.Order) -> int | None:
    """The first of the years gone by whose coverage this moves."""
    day = order.effective_on
    return day.year if day and day.year < today().year else None


def _line(one: services.Decided, loads: Sequence[followers.Load]) -> dict[str, Any]:
    return {
        "one": one,
        "tone": ACT_TONES[one.act],
        "work": followers.told(loads, one.village.pk),
        "klass": _class_note(one),
    }


def _class_note(one: services.Decided) -> str:
    """What happens to the class, in words."""
    if one.act not in (Act.MERGE, Act.RECODE) or one.successor is None or one.village.klass is None:
        return ""
    if one.act == Act.RECODE and one.successor.klass is None:
        return _("%s，随村转入") % one.village.get_klass_display()
    if one.successor.klass is None:
        return _("原为%s，存续村须重新提出分类") % one.village.get_klass_display()
    told = {"old": one.village.get_klass_display(), "new": one.successor.get_klass_display()}
    return _("原为%(old)s，存续村仍为%(new)s") % told


def _figures(batch: Sequence[services.Decided], loads: Sequence[followers.Load]) -> list[dict[str, Any]]:
    acts = [one.act for one in batch]
    figures = [{"label": act.label, "value": acts.count(act), "unit": _("个")} for act in Act if act in acts]
    figures += [
        {"label": one.label, "value": sum(one.counts.values()), "unit": one.unit, "note": _("转由存续村接续")}
        for one in loads
        if one.counts
    ]
    return figures


def _carry_out(request: HttpRequest, township: Division, form: Worksheet) -> HttpResponse:
    history = services.decide(decisions=form.decisions, order=form.order(), actor=request.user)
    left = read.waiting_in(request.user, township)
    told = {"n": len(history), "township": township.name, "left": left}
    if left:
        messages.success(request, _("已决定 %(n)d 个村，%(township)s还有 %(left)d 个待决定。") % told)
        return redirect("villages:adjust_township", code=township.code)
    messages.success(request, _("已决定 %(n)d 个村，%(township)s没有待决定的村了。") % told)
    return redirect("villages:adjustments")

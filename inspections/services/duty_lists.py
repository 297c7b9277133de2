"""The county's own duty list, changed at will; inspections keep the version they were made with (A5)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy
from common.errors import Conflict
from inspections.enums import DUTY_PAPERS, REPORT_PAPERS, WORK_STAGES, DutyAnchor, DutyPost, Mode, Stage
from inspections.models import DutyList, DutyTemplate
from inspections.selectors.duties import is_used, list_in_force

FIELDS = ("stage", "title", "who", "required", "paper", "anchor", "days", "modes")


@transaction.atomic
def adopt_duty_list(*, county: Division, actor: Any) -> DutyList:
    """Copy the city's default as the county's first version. Raises Conflict when the county has its own already."""
    now = _locked(county, actor)
    if now is not None and now.county_id is not None:
        raise Conflict(_("本县已有自己的责任清单，请直接修改。"))
    made = _copy(now, county, actor)[0]
    audit.record("adopt_duties", made, actor=actor)
    return made


@transaction.atomic
def add_duty_template(*, county: Division, actor: Any, **values: Any) -> DutyTemplate:
    """Add a line at the end of its stage; `values` are the fields named in FIELDS."""
    _check(values)
    duty_list, _twins = _to_change(county, actor)
    last = duty_list.rows.order_by("-order").first()
    template = DutyTemplate.objects.create(duty_list=duty_list, order=last.order + 1 if last else 1, **values)
    audit.record("edit_duties", duty_list, actor=actor, note=_("增加：%s") % template)
    return template


@transaction.atomic
def edit_duty_template(*, template: DutyTemplate, actor: Any, **values: Any) -> DutyTemplate:
    """Change a line; its stage stays. Raises Conflict when the list has a newer version."""
    _check({"stage": template.stage} | values)
    template = _own(template, actor)
    before = {key: getattr(template, key) for key in values}
    for key, value in values.items():
        setattr(template, key, value)
    template.save()
    changes = audit.diff(before, values)
    audit.record("edit_duties", template.duty_list, actor=actor, note=_("修改：%s") % template, changes=changes)
    return template


@transaction.atomic
def retire_duty_template(*, template: DutyTemplate, actor: Any) -> None:
    """Take a line off the list; inspections that have it keep it."""
    template = _own(template, actor)
    duty_list, title = template.duty_list, template.title
    template.delete()
    audit.record("edit_duties", duty_list, actor=actor, note=_("停用：%s") % title)


@transaction.atomic
def move_duty_template(*, template: DutyTemplate, actor: Any, up: bool) -> DutyTemplate:
    """Change places with the neighbour of the same stage; at the end nothing happens."""
    template = _own(template, actor)
    rows = list(template.duty_list.rows.filter(stage=template.stage).order_by("order", "pk"))
    here = rows.index(template)
    there = here + (-1 if up else 1)
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        orders = sorted(one.order for one in rows)
        for one, order in zip(rows, orders, strict=True):
            one.order = order
        DutyTemplate.objects.bulk_update(rows, ["order"])
        audit.record("edit_duties", template.duty_list, actor=actor, note=_("调整顺序：%s") % template)
    return template


def _locked(county: Division, actor: Any) -> DutyList | None:
    """The list in force; two people who change it at once wait for each other at the county's row."""
    policy.allows(actor, "edit", DutyTemplate(duty_list=DutyList(county=county))).demand()
    Division.objects.select_for_update().get(pk=county.pk)
    return list_in_force(county)


def _to_change(county: Division, actor: Any) -> tuple[DutyList, dict[int, DutyTemplate]]:
    """The county's list to write in, with the twin of each former line: a new version where the last one is in use."""
    now = _locked(county, actor)
    if now is not None and now.county_id is not None and not is_used(now):
        return now, {one.pk: one for one in now.rows.all()}
    return _copy(now, county, actor)


def _copy(now: DutyList | None, county: Division, actor: Any) -> tuple[DutyList, dict[int, DutyTemplate]]:
    number = now.number + 1 if now is not None and now.county_id is not None else 1
    made = DutyList.objects.create(county=county, number=number, made_by=actor)
    twins = {}
    for row in now.rows.order_by("order", "pk") if now is not None else ():
        values = {key: getattr(row, key) for key in (*FIELDS, "order")}
        twins[row.pk] = DutyTemplate.objects.create(duty_list=made, **values)
    return made, twins


def _own(template: DutyTemplate, actor: Any) -> DutyTemplate:
    """The line in the version that may be changed."""
    county = template.duty_list.county
    if county is None:
        raise Conflict(_("这是市级默认清单，请先改为本县清单。"))
    _list, twins = _to_change(county, actor)
    if template.pk not in twins:
        raise Conflict(_("责任清单已有新的版本，请刷新后再修改。"))
    return twins[template.pk]


def _check(values: dict[str, Any]) -> None:
    errors = {}
    if not values["title"].strip():
        errors["title"] = _("请填写要办的事。")
    if not -90 <= values["days"] <= 365:
        errors["days"] = _("天数须在 -90 至 365 之间，负数表示提前。")
    known: tuple[tuple[str, Sequence[str]], ...] = (
        ("stage", WORK_STAGES),
        ("who", DutyPost.values),
        ("anchor", DutyAnchor.values),
        ("paper", ["", *DUTY_PAPERS]),
    )
    for name, choices in known:
        if values.get(name, "") not in choices:
            errors[name] = _("请从列出的选项中选择。")
    if set(values["modes"]) - set(Mode.values):
        errors["modes"] = _("请从列出的选项中选择。")
    if values.get("paper") and (values["paper"] in REPORT_PAPERS) != (values["stage"] == Stage.AFTER):
        errors["paper"] = _("报告在离村之后起草，列入巡后；其他文书在离村之前，列入巡前或巡中。")
    if errors:
        raise ValidationError(errors)

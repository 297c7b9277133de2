"""The roster as a workbook: what the list shows, in the roster's own columns, so that it imports unchanged."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, policy
from common.spreadsheets import writing
from villages.models import Village
from villages.selectors.villages import ALL_DIMENSIONS, Filters, exported

from . import workbooks
from .columns import COLUMNS
from .wording import marks_of, row_of

MOST = 20_000
VILLAGE = "villages.Village"


def export(*, user: Any, asked: Filters, said: str = "") -> tuple[bytes, str]:
    """(content, name) of the villages of a list; recorded in the trail. Needs "export"; classes need "view_class".

    Raises ValidationError when there are too many rows for one workbook.
    """
    villages = exported(user, asked).select_related("successor__division")
    count = villages.order_by()[: MOST + 1].count()
    if count > MOST:
        raise ValidationError(_("超过 %d 行，请先按县（市、区）或乡镇筛选再导出。") % MOST)
    sees_class = bool(policy.may(user, "view_class", VILLAGE))
    note = _("导出单位：%(organ)s　导出人：%(name)s　导出时间：%(at)s　共 %(count)d 个村（社区）%(said)s") % {
        "organ": user.organ.name,
        "name": user.full_name,
        "at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "count": count,
        "said": f"　{said}" if said else "",
    }
    extra = [_("状态"), _("摸排项数"), _("试点示范"), *([_("现行分类")] if sees_class else [])]
    rows = _rows(user, villages.order_by("division__code").iterator(chunk_size=2000), sees_class)
    book = workbooks.roster(_("%s村（社区）名册") % user.division.name, note, COLUMNS, extra, rows)
    content = writing.as_bytes(book)
    audit.record("export", VILLAGE, actor=user, note=_("名册 %(count)d 行 %(said)s") % {"count": count, "said": said})
    return content, f"{user.division.name}村社区名册_{timezone.localdate():%Y%m%d}.xlsx"


def _rows(user: Any, villages: Iterator[Village], sees_class: bool) -> Iterator[Sequence[Any]]:
    for one in villages:
        row = [
            *row_of(one),
            _("在册，去向待决定") if sees_class and one.undecided else str(one.get_status_display()),
            f"{one.dimensions}/{ALL_DIMENSIONS}",
            "、".join(marks_of(one)),
        ]
        if sees_class:
            shown = policy.allows(user, "view_class", one)
            row.append((str(one.get_klass_display()) if one.klass else _("未分类")) if shown else None)
        yield row

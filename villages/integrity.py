"""Villages against the tree of divisions, their classes, and the scope columns of every row that carries them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.enums import Tier
from accounts.models import Division
from common.integrity import check

from .enums import ClassificationStatus, VillageStatus
from .followers import end_of
from .models import Classification, Village, VillageScoped

FROZEN = """
SELECT string_to_array(encode(tgargs, 'escape'), '\\000') FROM pg_trigger
 WHERE tgrelid = %s::regclass AND tgfoid = 'common_frozen'::regproc
"""


@check("村级区划都有村（社区）档案")
def divisions_have_villages() -> Iterator[str]:
    for one in Division.objects.filter(tier=Tier.VILLAGE, village=None).order_by("code"):
        yield f"{one.code} {one.name} 没有村（社区）档案"


@check("村（社区）的乡镇、县与区划树一致")
def villages_follow_the_tree() -> Iterator[str]:
    lies = Q(division__tier=Tier.VILLAGE, division__parent=F("township"), township__parent=F("county"))
    wrong = Village.objects.exclude(lies).select_related("division", "township", "county")
    for one in wrong.order_by("division__code"):
        yield f"{one.division.code} {one}：登记在 {one.county} {one.township}，与区划树不一致"


@check("撤并的村（社区）最后都并入在册或已撤销的村")
def successors() -> Iterator[str]:
    """No path comes back to its start, and each ends at a village that is active or was withdrawn."""
    step = dict(Village.objects.exclude(successor=None).values_list("pk", "successor_id"))
    for start in step:
        if step.get(end_of(start, step)) is not None:
            yield f"村（社区） {start} 并入的路径绕成一圈"
    merged = Village.objects.filter(status=VillageStatus.MERGED, successor=None)
    active = Village.objects.filter(status=VillageStatus.ACTIVE).exclude(successor=None)
    for village in merged:
        yield f"村（社区） {village.pk} {village} 已并入他村，却没有写明并入哪里"
    for village in active:
        yield f"村（社区） {village.pk} {village} 在册却有并入的村"


@check("存续村在并入之日已经设立")
def successors_stand_when_taken_into() -> Iterator[str]:
    early = Village.objects.filter(successor__valid_from__gt=F("valid_to"))
    for one in early.select_related("division", "successor__division").order_by("pk"):
        yield f"{one.division.code} {one} {one.valid_to} 并入{one.successor}，后者那时还没有设立"


@check("现行分类只有一个，并与村档案一致")
def classes() -> Iterator[str]:
    """Of villages that exist; one that has ended keeps what it was, also when it went on under another code."""
    current = Classification.objects.filter(village=OuterRef("pk"), status=ClassificationStatus.APPROVED)
    rows = (
        Village.objects.filter(status=VillageStatus.ACTIVE)
        .annotate(
            shown=Coalesce("klass", Value("")), approved=Coalesce(Subquery(current.values("klass")[:1]), Value(""))
        )
        .select_related("division")
    )
    for one in rows.exclude(shown=F("approved")).order_by("division__code"):
        yield f"{one.division.code} {one}：档案上是 {one.shown or '无'}，现行分类是 {one.approved or '无'}"


@check("数据行上的县、乡镇与其村（社区）一致")
def scope_columns() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, VillageScoped) and not getattr(model, "append_only", False):
            yield from _out_of_scope(model)


def _out_of_scope(model: Any) -> Iterator[str]:
    """Rows that may still change must lie where their village lies; finished ones keep the township of their day."""
    right = Q(county=F("village__county")) & (Q(township=F("village__township")) | Q(status__in=_finished(model)))
    for one in model._default_manager.exclude(right).order_by("pk").iterator():
        yield f"{model._meta.verbose_name} {one.pk}：县或乡镇与村（社区） {one.village_id} 不一致"


def _finished(model: Any) -> set[str]:
    """Statuses that the database freezes, or that no move leaves."""
    with connection.cursor() as cursor:
        cursor.execute(FROZEN, [model._meta.db_table])
        frozen = {status for (row,) in cursor.fetchall() for status in row if status}
    left = {status for move in model.moves.values() for status in move.sources}
    known = {value for value, _label in model._meta.get_field("status").choices}
    return frozen | (known - left)

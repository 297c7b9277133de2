"""The tree of divisions and who sits in it."""

from collections.abc import Iterator

from django.db.models import F, Q

from common.integrity import check

from .enums import ROLE_OF, OrganKind, Tier
from .models import Division, Organ

ABOVE = {Tier.COUNTY: Tier.CITY, Tier.TOWNSHIP: Tier.COUNTY, Tier.VILLAGE: Tier.TOWNSHIP}


@check("区划的上级是上一层级")
def tree() -> Iterator[str]:
    for tier, above in ABOVE.items():
        wrong = Division.objects.filter(tier=tier).exclude(parent__tier=above).select_related("parent")
        for one in wrong.order_by("code"):
            yield f"{one.code} {one.name}（{tier.label}）的上级是 {one.parent}，应为{above.label}"


@check("单位所在层级与类别相符")
def organs() -> Iterator[str]:
    fits = Q(kind=OrganKind.INSPECTION_TEAM)
    for kind, tier in ROLE_OF:
        fits |= Q(kind=kind, division__tier=tier)
    for one in Organ.objects.exclude(fits).annotate(tier=F("division__tier")).order_by("pk"):
        yield f"单位 {one.pk} {one.name}：{one.get_kind_display()}不能设在{Tier(one.tier).label}"

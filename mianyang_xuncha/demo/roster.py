"""The demo's villages: the real roster of the city, then a county's workbook of made-up profiles, then classes."""

import random
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from openpyxl import Workbook

from accounts.models import Division, User
from villages.enums import VillageClass, VillageStatus
from villages.models import Village
from villages.roster import imports
from villages.selectors import waiting_proposals
from villages.selectors.suggestions import suggest_all
from villages.services import approve_classes, propose_class, propose_suggested

LOCATIONS = (("城中", 12), ("城郊", 22), ("集镇", 16), ("平坝", 20), ("丘陵", 25), ("山区", 5))
RESOURCES = ("", "", "林地", "旅游", "砂石", "水产", "果园")
HEADER = (
    "县(市、区)",
    "乡镇(街道)",
    "村(社区)名称",
    "统计区划代码",
    "户数",
    "人口",
    "党员数",
    "党组织类型",
    "是否一肩挑",
    "村集体经济年收入(元)",
    "资源禀赋",
    "区位",
    "干群关系",
    "近三年信访件次",
    "是否脱贫村",
    "是否乡村振兴示范村",
    "是否软弱涣散村",
    "备注",
)


def import_real(actor: User) -> None:
    """The 2,071 villages of 2023 as they are in fixtures/roster_2023.csv."""
    path = Path(settings.BASE_DIR) / "fixtures" / "roster_2023.csv"
    imports.import_file(path=path, county=None, commit=True, actor=actor)


def import_profiles(actor: User, county: Division, pick: random.Random) -> None:
    """A county's survey as an office would keep it: a title row, then one row a village. The values are made up."""
    book = Workbook()
    sheet = book.active
    sheet.append([f"{county.name}村（社区）情况调查表（演示数据，数字均为虚构）"])  # type: ignore[union-attr]
    sheet.append(HEADER)  # type: ignore[union-attr]
    villages = Village.objects.filter(county=county).select_related("division", "township", "county")
    for village in villages.order_by("division__code"):
        sheet.append(_profile(village, pick))  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{county.name}村情调查.xlsx"
        book.save(path)
        outcome = imports.import_file(path=path, county=county, commit=True, actor=actor)
    if not outcome.committed:
        raise RuntimeError(f"演示名册没有导入：{outcome.as_result()}")


def _profile(village: Village, pick: random.Random) -> list[Any]:
    households = pick.randrange(180, 1600)
    location = pick.choices([one for one, _ in LOCATIONS], [weight for _, weight in LOCATIONS])[0]
    return [
        village.county.name,
        village.township.name,
        village.division.name,
        village.division.code,
        households,
        households * pick.choice((2, 3)),
        pick.randrange(18, 140),
        pick.choice(("党支部", "党支部", "党总支", "党委")),
        pick.choice(("是", "是", "是", "否")),
        pick.randrange(20_000, 900_000, 1000),
        pick.choice(RESOURCES),
        location,
        pick.choices(("融洽", "一般", "紧张"), (45, 45, 10))[0],
        pick.choices((0, 1, 2, 3, 6), (30, 30, 20, 12, 8))[0],
        pick.choices(("是", "否"), (8, 92))[0],
        pick.choices(("是", "否"), (6, 94))[0],
        pick.choices(("是", "否"), (4, 96))[0],
        "演示数据",
    ]


def classify(county: Division, *, officer: User, head: User) -> None:
    """The office takes over what the rules suggest, and says ordinary where no rule speaks; its head approves."""
    villages = list(active_villages(county))
    suggested = suggest_all(villages)
    propose_suggested(suggested=[(one, suggested[one.pk]) for one in villages if one.pk in suggested], actor=officer)
    for one in villages:
        if one.pk not in suggested:
            reason = "调查摸排没有发现突出问题"
            propose_class(village=one, klass=VillageClass.ORDINARY, kinds=[], reason=reason, actor=officer)
    approve_classes(classifications=waiting_proposals(head), actor=head)


def active_villages(county: Division) -> "QuerySet[Village]":
    return Village.objects.filter(county=county, status=VillageStatus.ACTIVE).select_related("division", "township")

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VillageStatus(TextChoices):
    ACTIVE = "ACTIVE", _("在册")
    MERGED = "MERGED", _("已并入")
    WITHDRAWN = "WITHDRAWN", _("已撤销")


class VillageClass(TextChoices):
    """The three classes of mission row B2; the class decides how a village is inspected."""

    KEY_FOCUS = "KEY_FOCUS", _("重点关注村")
    RISK = "RISK", _("风险隐患村")
    ORDINARY = "ORDINARY", _("一般普通村")


class ClassificationStatus(TextChoices):
    PROPOSED = "PROPOSED", _("待审定")
    APPROVED = "APPROVED", _("现行")
    REJECTED = "REJECTED", _("未通过")
    SUPERSEDED = "SUPERSEDED", _("已被新分类替代")


class Category(TextChoices):
    VILLAGE = "VILLAGE", _("村")
    COMMUNITY = "COMMUNITY", _("社区")


class CadreRelations(TextChoices):
    HARMONIOUS = "HARMONIOUS", _("融洽")
    NORMAL = "NORMAL", _("一般")
    TENSE = "TENSE", _("紧张")


class Datum(TextChoices):
    """What the coordinates of a village were taken in; the last one is shifted by some hundred metres."""

    CGCS2000 = "CGCS2000", _("2000 国家大地坐标系")
    WGS84 = "WGS84", _("WGS-84（卫星定位）")
    GCJ02 = "GCJ02", _("GCJ-02（国测局加密）")


class Change(TextChoices):
    """What a roster row or a decision does to a village."""

    CREATED = "CREATED", _("新增")
    CHANGED = "CHANGED", _("变更")
    RENAMED = "RENAMED", _("更名")
    MERGED = "MERGED", _("并入")
    WITHDRAWN = "WITHDRAWN", _("撤销")
    RECODED = "RECODED", _("改用新代码")
    KEPT = "KEPT", _("保留")
    RESTORED = "RESTORED", _("恢复建制")


class PlannedChange(TextChoices):
    """What a preview says about one row of the file, or about a village that the file does not have."""

    CREATED = "CREATED", _("新增")
    CHANGED = "CHANGED", _("变更")
    RENAMED = "RENAMED", _("更名")
    MERGED = "MERGED", _("并入")
    WITHDRAWN = "WITHDRAWN", _("撤销")
    MISSING = "MISSING", _("文件中没有")
    REFUSED = "REFUSED", _("未通过")


# The usual answers of the survey; another one that a roster brings is kept as it was written.
ORGANISATION_TYPES = ("党支部", "党总支", "党委")
LOCATIONS = ("城中", "城郊", "集镇", "平坝", "丘陵", "山区")

CLASS_TONES: dict[str | None, str] = {
    VillageClass.KEY_FOCUS: "amber",
    VillageClass.RISK: "red",
    VillageClass.ORDINARY: "",
    None: "",
}
CHANGE_TONES: dict[str, str] = {
    Change.CREATED: "green",
    Change.CHANGED: "blue",
    Change.RENAMED: "blue",
    Change.MERGED: "amber",
    Change.WITHDRAWN: "amber",
    Change.RECODED: "blue",
    Change.KEPT: "green",
    Change.RESTORED: "green",
    PlannedChange.MISSING: "amber",
    PlannedChange.REFUSED: "red",
}

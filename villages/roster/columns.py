"""The columns of a roster: what they are called, what they hold, and which field of a village they fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from common.spreadsheets.cells import key_of
from villages.enums import LOCATIONS, ORGANISATION_TYPES, CadreRelations, Category
from villages.models import Village

KEEP, RENAME, MERGE, CREATE, WITHDRAW = "KEEP", "RENAME", "MERGE", "CREATE", "WITHDRAW"
SQL_TYPES = {"integer": "integer", "money": "numeric(14,2)", "boolean": "boolean", "date": "date"}


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a choice: value → accepted words; the first is the one we write."""
    units: tuple[str, ...] = ()
    limit: int = 0
    required: bool = False
    profile: bool = True
    note: str = ""
    offers: tuple[str, ...] = ()
    """Words of the template's drop-down where any text is accepted."""

    @property
    def sql_type(self) -> str:
        return SQL_TYPES.get(self.kind, "text")

    @property
    def dropdown(self) -> tuple[str, ...]:
        if self.kind == "boolean":
            return ("是", "否")
        return self.offers or tuple(accepted[0] for accepted in self.words.values())


def _limit(name: str) -> int:
    return int(getattr(Village._meta.get_field(name), "max_length", None) or 0)


def _flag(key: str, title: str, *aliases: str) -> Column:
    return Column(key, title, "boolean", aliases, note="填“是”或“否”")


COLUMNS: tuple[Column, ...] = (
    Column(
        "county",
        "县(市、区)",
        aliases=("县", "区县", "县区", "县名", "所属县", "所属县区", "所属县市区", "县市区名称", "county"),
        limit=60,
        profile=False,
        note="县（市、区）全称；功能区单列时填功能区名称",
    ),
    Column(
        "township",
        "乡镇(街道)",
        aliases=(
            "乡镇",
            "镇",
            "乡",
            "街道",
            "镇乡",
            "镇街",
            "镇街道",
            "镇乡街道",
            "乡镇名称",
            "所属乡镇",
            "所属乡镇街道",
            "township",
        ),
        limit=60,
        profile=False,
        note="乡镇（街道）全称",
    ),
    Column(
        "name",
        "村(社区)名称",
        aliases=(
            "村社区",
            "村名",
            "村名称",
            "村居",
            "村居名称",
            "社区名称",
            "行政村",
            "行政村名称",
            "村社区名",
            "name",
        ),
        limit=60,
        required=True,
        profile=False,
        note="必填",
    ),
    Column(
        "code",
        "统计区划代码",
        "code",
        ("代码", "村代码", "区划代码", "统计代码", "村级代码", "行政区划代码", "统计用区划代码", "区划编码", "code"),
        required=True,
        profile=False,
        note="必填。12 位数字，本列已设为文本，不要用科学计数法",
    ),
    Column(
        "category",
        "类型",
        "choice",
        ("村居类型", "村社区类型"),
        {
            Category.VILLAGE: ("村", "行政村", "建制村", "村民委员会", "村委会"),
            Category.COMMUNITY: ("社区", "居委会", "居民委员会", "城市社区", "农村社区", "城镇社区"),
        },
        note="不填时按名称判断",
    ),
    Column("households", "户数", "integer", ("总户数", "户数户", "家庭户数"), units=("户",)),
    Column("population", "人口", "integer", ("总人口", "人口数", "总人口数", "人口人", "户籍人口"), units=("人", "口")),
    Column(
        "party_members",
        "党员数",
        "integer",
        ("党员", "党员人数", "党员总数", "党员数名", "党员数人"),
        units=("名", "人"),
    ),
    Column(
        "organisation_type",
        "党组织类型",
        aliases=("党组织设置", "党组织形式"),
        limit=_limit("organisation_type"),
        offers=ORGANISATION_TYPES,
    ),
    Column(
        "secretary",
        "党组织书记",
        aliases=("书记", "村书记", "书记姓名", "党支部书记", "村党组织书记", "党组织书记姓名"),
        limit=_limit("secretary"),
    ),
    _flag("secretary_is_director", "是否一肩挑", "一肩挑", "书记主任一肩挑", "是否书记主任一肩挑"),
    Column(
        "annual_income",
        "村集体经济年收入(元)",
        "money",
        ("村集体经济年收入", "集体经济年收入", "集体经济年收入元", "村集体收入", "村集体收入元", "集体经济收入"),
        units=("元",),
        note="单位为元；表头写明“万元”的按万元读入",
    ),
    Column("resources", "资源禀赋", aliases=("资源",), limit=_limit("resources"), note="如 砂石、林地、旅游"),
    Column(
        "location",
        "区位",
        aliases=("区位条件", "地理位置"),
        limit=_limit("location"),
        offers=LOCATIONS,
    ),
    Column(
        "cadre_relations",
        "干群关系",
        "choice",
        words={
            CadreRelations.HARMONIOUS: ("融洽", "和谐", "良好"),
            CadreRelations.NORMAL: ("一般",),
            CadreRelations.TENSE: ("紧张", "较差"),
        },
    ),
    Column(
        "petitions_3y",
        "近三年信访件次",
        "integer",
        ("近3年信访件次", "信访件次", "近三年信访量", "近三年信访件数"),
        units=("件次", "件", "次"),
    ),
    _flag("is_lifted_poverty", "是否脱贫村", "脱贫村", "是否贫困村", "贫困村"),
    _flag("is_demonstration", "是否乡村振兴示范村", "乡村振兴示范村", "是否示范村", "示范村"),
    _flag("is_weak_lax", "是否软弱涣散村", "软弱涣散村", "是否软弱涣散", "是否软弱涣散村党组织"),
    Column(
        "last_inspected_on",
        "上次巡察时间",
        "date",
        ("上次巡察日期", "最近巡察时间", "最近一次巡察时间"),
        note="如 2019-04-22",
    ),
    Column("surveyed_on", "摸排日期", "date", ("摸排时间", "调查日期", "调查时间"), note="如 2026-03-05"),
    Column("surveyor", "摸排人", aliases=("调查人", "填表人"), limit=_limit("surveyor")),
    Column(
        "adjustment",
        "调整类型",
        "choice",
        ("建制调整", "建制调整类型", "调整情况", "变动类型"),
        {
            KEEP: ("保留", "不变", "未调整"),
            RENAME: ("更名", "改名"),
            MERGE: ("合并", "并入", "被合并"),
            CREATE: ("新设", "新增", "新建"),
            WITHDRAW: ("撤销", "撤消"),
        },
        profile=False,
        note="不填时按代码和名称判断；“合并”指本村并入他村，要填并入村代码",
    ),
    Column(
        "successor",
        "并入村代码",
        "code",
        ("并入代码", "并入后代码", "并入村社区代码"),
        profile=False,
        note="调整类型为“合并”时必填：并入的那个村的 12 位代码",
    ),
    Column("remark", "备注", aliases=("说明",), limit=_limit("remark")),
)
BY_KEY = {one.key: one for one in COLUMNS}
PROFILE = tuple(one for one in COLUMNS if one.profile)
OWN_EXTRAS = ("失败原因", "现行分类", "状态", "摸排项数", "试点示范")  # written by us, never read back
OWN_SHEETS = ("变化", "文件中没有的村")  # of the report
REASON_TITLE = OWN_EXTRAS[0]
EXAMPLE = "（示例）"

_TITLES = {key_of(name): (one, Decimal(1)) for one in COLUMNS for name in (one.title, *one.aliases)}
_TITLES |= {
    key_of(name): (BY_KEY["annual_income"], Decimal(10000))
    for name in ("村集体经济年收入万元", "集体经济年收入万元", "村集体收入万元", "集体经济收入万元")
}


def recognise(title: object) -> tuple[Column, Decimal] | None:
    """The column that a title means, and what its numbers are multiplied by (万元)."""
    return _TITLES.get(key_of(title)) if title is not None else None

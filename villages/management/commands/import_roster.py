import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from accounts.enums import Tier
from accounts.models import Division
from common.spreadsheets.files import FileRefused
from villages.roster import imports
from villages.roster.comparing import Outcome
from villages.roster.sheets import row_said

SHOWN = 20  # of each list; a whole country has 41,000 townships
LABELS = {
    "rows": "数据行",
    "created": "新增",
    "changed": "变更",
    "unchanged": "不变",
    "renamed": "更名",
    "merged": "并入",
    "withdrawn": "撤销",
    "missing": "文件中没有",
}


class Command(BaseCommand):
    help = (
        "导入村（社区）名册（.xlsx 或 .csv）。不加 --commit 只预检；有未通过的行时不写入，返回 1；文件不能用时返回 2。"
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", metavar="CODE", help="只导入这个县（市、区），12 位或 6 位代码")
        parser.add_argument("--commit", action="store_true", help="写入数据库")
        parser.add_argument(
            "--partial", action="store_true", help="这份名册只有一部分村：文件中没有的村不列入建制调整、不等待决定去向"
        )
        parser.add_argument("--report", type=Path, metavar="OUT.xlsx", help="把未通过的行、变化和缺少的村写成工作簿")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            county = self._county(options["county"])
            outcome = imports.import_file(
                path=options["file"],
                county=county,
                commit=options["commit"],
                partial=options["partial"],
                report=options["report"],
            )
        except FileRefused as error:
            self._refuse(str(error))
        except FileNotFoundError as error:
            self._refuse(f"没有找到 {error.filename}，请核对路径和文件名。")
        except OSError as error:
            self._refuse(f"不能读写 {error.filename}，请核对路径、权限和磁盘空间。")
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._tell(outcome)
        if outcome.refusals.rows:
            sys.exit(1)

    def _refuse(self, reason: str) -> NoReturn:
        self.stderr.write(reason)
        sys.exit(2)

    def _county(self, code: str | None) -> Division | None:
        if code is None:
            return None
        county = Division.objects.filter(code=code.ljust(12, "0"), tier=Tier.COUNTY).first() if code else None
        if county is None:
            raise FileRefused(f"没有代码为“{code}”的县（市、区），请核对 --county。")
        return county

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write("  ".join(f"{label} {outcome.told(key)}" for key, label in LABELS.items()))
        for label, names in (
            ("新乡镇", outcome.townships_created),
            ("乡镇更名", [" → ".join(pair) for pair in outcome.townships_renamed]),
            ("未识别的列（已忽略）", outcome.ignored_columns),
            ("未读入的行", [f"{row_said(row, outcome.sheets)} {text}" for row, text in outcome.notes]),
        ):
            if names:
                rest = f" 等 {len(names)} 项，全部见 --report 的报告" if len(names) > SHOWN else ""
                self.stdout.write(f"{label}：{'、'.join(names[:SHOWN])}{rest}")
        for hint in outcome.hints:
            self.stdout.write(f"请核对：{hint}")
        for one in outcome.refusals.told:
            self.stdout.write(f"{row_said(one.row, outcome.sheets)} {one.column}“{one.value}”：{one.reason}")
        if outcome.refusals.rows:
            self.stdout.write(f"{len(outcome.refusals.rows)} 行未通过，没有写入。")
        else:
            self.stdout.write("已写入。" if outcome.committed else "仅预检，没有写入；确认后加 --commit。")

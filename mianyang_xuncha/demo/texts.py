"""The invented findings of fixtures/demo_findings.csv."""

import csv
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings


@dataclass
class Text:
    """One invented finding with what was done about it."""

    row: dict[str, str]

    def facts(self, village: str, year: int, amount: Decimal | None) -> str:
        return self.row["facts"].format(village=village, year=year, amount=f"{amount or 0:.0f}")


def texts() -> list[Text]:
    with (settings.BASE_DIR / "fixtures" / "demo_findings.csv").open(encoding="utf-8", newline="") as file:
        return [Text(row) for row in csv.DictReader(file)]

"""Where a row belongs, copied from its village."""

from typing import Any

from villages.models import Village


def scope_of(village: Village) -> dict[str, Any]:
    """The scope columns of a row that belongs to this village (architecture, rule 10)."""
    return {"county_id": village.county_id, "township_id": village.township_id, "village_id": village.pk}

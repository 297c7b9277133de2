from django.db import migrations

from common.triggers import frozen_in, legal_moves


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("common", "0002_rows_that_cannot_change")]
    operations = [
        legal_moves(
            "inspections_annualplan",
            ["DRAFT", "APPROVED>FILED", "DRAFT>SUBMITTED", "SUBMITTED>APPROVED", "SUBMITTED>DRAFT"],
        ),
        frozen_in("inspections_annualplan", "FILED"),
        legal_moves(
            "inspections_inspection",
            ["BEFORE", "AFTER>CLOSED", "BEFORE>CANCELLED", "BEFORE>DURING", "DURING>AFTER", "DURING>CANCELLED"],
        ),
        frozen_in("inspections_inspection", "CLOSED", "CANCELLED"),
        legal_moves(
            "inspections_finding",
            [
                "DRAFT",
                "CONFIRMED>DRAFT",
                "CONFIRMED>FED_BACK",
                "CONFIRMED>REJECTED",
                "DRAFT>CONFIRMED",
                "DRAFT>REJECTED",
                "REJECTED>DRAFT",
            ],
        ),
        frozen_in("inspections_finding", "FED_BACK"),
        legal_moves("inspections_feedback", ["DRAFT", "DRAFT>ISSUED"]),
        frozen_in("inspections_feedback", "ISSUED"),
    ]

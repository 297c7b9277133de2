from django.db import migrations

from common.triggers import append_only, frozen_in, legal_moves


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial"), ("common", "0002_rows_that_cannot_change")]
    operations = [
        append_only("villages_rosterchange"),
        legal_moves(
            "villages_classification",
            ["PROPOSED", "APPROVED>SUPERSEDED", "PROPOSED>APPROVED", "PROPOSED>REJECTED"],
        ),
        frozen_in("villages_classification", "REJECTED", "SUPERSEDED"),
    ]

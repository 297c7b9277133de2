from django.db import migrations

from common.triggers import frozen_in, legal_moves


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_papers_are_drafted_and_issued")]
    operations = [
        legal_moves("inspections_paper", ["DRAFT", "DRAFT>ISSUED"]),
        frozen_in("inspections_paper", "ISSUED"),
    ]

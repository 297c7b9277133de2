from django.db import migrations

from common.triggers import frozen_in, legal_moves, told_moves


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0007_papers_are_drafted_and_issued"),
        ("common", "0003_moves_leave_their_event"),
    ]
    operations = [
        legal_moves("inspections_paper", ["DRAFT", "DRAFT>ISSUED"]),
        frozen_in("inspections_paper", "ISSUED"),
        told_moves("inspections_paper", "inspections.Paper"),
    ]

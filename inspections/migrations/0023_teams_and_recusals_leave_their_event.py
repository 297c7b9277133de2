from django.db import migrations

from common.triggers import told_changes


class Migration(migrations.Migration):
    """Who is on a team, and who keeps away from a township, decides what a person may do there."""

    dependencies = [
        ("inspections", "0022_nobody_enters_or_leaves_where_he_keeps_away"),
        ("common", "0005_changes_leave_their_event"),
    ]
    operations = [
        told_changes("inspections_team"),
        told_changes("inspections_teammember"),
        told_changes("inspections_recusal", "inspections.Recusal"),
    ]

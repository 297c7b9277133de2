from django.db import migrations

from common.triggers import told_changes

TABLES = ("round", "inspection", "finding", "feedback", "paper")


class Migration(migrations.Migration):
    """Which team inspects which village, and who wrote what there, changes on record from the first draft on."""

    dependencies = [("inspections", "0023_teams_and_recusals_leave_their_event")]
    operations = [told_changes(f"inspections_{one}", events="INSERT OR UPDATE") for one in TABLES]

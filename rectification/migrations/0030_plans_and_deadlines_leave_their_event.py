from django.db import migrations

from common.triggers import told_changes

SETTINGS = ("deadlinesetting", "countyrule", "reminderrule")


class Migration(migrations.Migration):
    """Measures, the responsible four, and the settings from which deadlines and reminders follow."""

    dependencies = [
        ("rectification", "0029_reports_and_photos_by_whom_they_name"),
        ("common", "0005_changes_leave_their_event"),
    ]
    operations = [
        told_changes("rectification_measure", "rectification.RectificationItem", key="item_id"),
        told_changes("rectification_responsible", "rectification.RectificationItem", key="item_id"),
        *(told_changes(f"rectification_{one}") for one in SETTINGS),
        told_changes("rectification_countysetting", events="DELETE OR UPDATE"),  # a row is made when it is first read
        told_changes("common_workdayoverride"),
    ]

from django.db import migrations

from common.triggers import told_changes


class Migration(migrations.Migration):
    """Where a village lies and whether it stands decides who answers for its items."""

    dependencies = [
        ("villages", "0009_imports_run_in_the_background_and_can_be_undone"),
        ("common", "0005_changes_leave_their_event"),
    ]
    operations = [
        told_changes(
            "villages_village",
            events="UPDATE",
            columns=("division_id", "county_id", "township_id", "status", "successor_id", "valid_to"),
        ),
    ]

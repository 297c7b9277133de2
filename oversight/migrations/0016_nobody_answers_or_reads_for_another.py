from django.db import migrations

from common.triggers import told_changes

MADE = ("pointsgiven", "qualitymark", "commendation", "selfcheckanswer")


class Migration(migrations.Migration):
    """Rows that name who made or signed them come with an event, so that SQL writes none in another's name."""

    dependencies = [
        ("oversight", "0015_no_temporary_table_deceives"),
        ("common", "0005_changes_leave_their_event"),
    ]
    operations = [
        *(told_changes(f"oversight_{one}", events="INSERT") for one in MADE),
        told_changes("oversight_circularreceipt", events="UPDATE"),
    ]

from django.db import migrations

from common.triggers import told_changes

MADE = ("rectificationitem", "extension", "dissent", "clue", "caseresult", "urgeletter")
SIGNED = ("lessonreceipt", "lookbackline")


class Migration(migrations.Migration):
    """Rows that name who made or signed them come with an event, so that SQL writes none in another's name."""

    dependencies = [("rectification", "0030_plans_and_deadlines_leave_their_event")]
    operations = [
        *(told_changes(f"rectification_{one}", events="INSERT") for one in MADE),
        *(told_changes(f"rectification_{one}", events="UPDATE") for one in SIGNED),
    ]

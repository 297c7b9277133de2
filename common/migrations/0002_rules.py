from django.db import migrations

from common.triggers import append_only, functions, guard, told_changes

# No model: nothing empties, dumps or grants it by the way. `migrate` writes its rows (common/seals.py).
SEAL_KEYS = "CREATE TABLE common_sealkey (inner_pad bytea PRIMARY KEY, outer_pad bytea NOT NULL)"


class Migration(migrations.Migration):
    """Events are only added, each with its seal; what the triggers of all apps call."""

    replaces = [("common", "0005_changes_leave_their_event")]
    dependencies = [("common", "0001_schema")]
    operations = [
        migrations.RunSQL(SEAL_KEYS, "DROP TABLE common_sealkey"),
        *functions(__file__, "events", "rows", "seals"),
        append_only("common_auditevent"),
        guard("common_auditevent", "sealed", "BEFORE INSERT", "common_sealed_event()"),
        told_changes("common_workdayoverride"),
    ]

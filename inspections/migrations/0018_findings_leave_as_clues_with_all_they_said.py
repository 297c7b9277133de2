from importlib import import_module

from django.db import migrations

from common.triggers import legal_moves

earlier = import_module("inspections.migrations.0012_nobody_decides_on_what_he_wrote")
TABLE, BEFORE = earlier.TABLE, earlier.NOW
LIVING = ("DRAFT", "SIGNED", "REVIEWED", "CONFIRMED")
NOW = ["DRAFT", *sorted([*BEFORE[1:], *(f"{one}>REFERRED" for one in LIVING), "REFERRED>DRAFT"])]

# A finding's content changes with a move in one case: when it goes into a clue's envelope, and comes out of it.
KEPT = "IF (moved OR OLD.status <> 'DRAFT') AND"
assert KEPT in earlier.RULES
AS_IT_WAS = earlier.RULES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
NOW_RULES = AS_IT_WAS.replace(KEPT, f"{KEPT} NOT (moved AND 'REFERRED' IN (OLD.status, NEW.status)) AND")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0017_findings_become_clues")]
    operations = [
        migrations.RunSQL(legal_moves(TABLE, BEFORE).reverse_sql, legal_moves(TABLE, BEFORE).sql),
        legal_moves(TABLE, NOW),
        migrations.RunSQL(NOW_RULES, AS_IT_WAS),
    ]

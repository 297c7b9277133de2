from django.db import migrations

from common.triggers import amending

BEFORE = "'accept', 'report', 'complete_measure', 'reply', 'submit'"
NOW = "'accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension', 'submit'"
ONCE = "RAISE EXCEPTION '回头看的结果只登记一次' USING ERRCODE = 'restrict_violation';\n  END IF;\n"
BY_ANOTHER = f"""  IF rectification_acted(NEW.item_id, NEW.checked_by_id, ARRAY[{NOW}]) THEN
    RAISE EXCEPTION '办理过整改的人不能登记回头看的结果' USING ERRCODE = 'restrict_violation';
  END IF;
"""
ASKER = "NEW.decided_by_id = OLD.asked_by_id\n"


class Migration(migrations.Migration):
    """Whoever planned the measures or asked for more time put it right, too: another signs, decides and looks back."""

    dependencies = [("rectification", "0027_nobody_stands_on_two_sides")]
    operations = [
        amending("rectification_signer_rules", BEFORE, NOW),
        amending("rectification_poll_rules", BEFORE, NOW),
        amending("rectification_item_rules", BEFORE, NOW),
        amending("rectification_lookbackline_rules", ONCE, ONCE + BY_ANOTHER),
        amending(
            "rectification_extension_rules",
            ASKER,
            f"{ASKER}       OR rectification_acted(NEW.item_id, NEW.decided_by_id, ARRAY[{NOW}])\n",
        ),
    ]

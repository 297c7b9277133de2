from django.db import migrations

from common.triggers import guard

ITEM = "rectification_rectificationitem"
FUNCTIONS = [
    "rectification_organ_is(bigint, text, bigint)",
    "rectification_item_guard()",
    "rectification_check_guard()",
    "rectification_open_item_only()",
    "rectification_return_guard()",
]

# Signatures count for one attempt, so a return that kept its number would bring the old ones back;
# they hang on the item's id, so an id that changed would bring another's.
RETURN_GUARD = """
CREATE FUNCTION rectification_return_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id THEN
    RAISE EXCEPTION '整改事项 % 的标识不能修改', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'IN_PROGRESS' AND OLD.status NOT IN ('ASSIGNED', 'IN_PROGRESS')
     AND NEW.attempt <> OLD.attempt + 1 THEN
    RAISE EXCEPTION '整改事项 % 退回或者重新整改时，整改次数须加一', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def each(change: str) -> str:
    return "".join(f"ALTER FUNCTION {one} {change};\n" for one in FUNCTIONS)


class Migration(migrations.Migration):
    """A return starts a new attempt, ids stay, and a temporary table of the same name deceives no trigger.

    PostgreSQL looks into pg_temp before all other schemas unless the path names it last.
    """

    dependencies = [("rectification", "0005_items_follow_their_village")]
    operations = [
        migrations.RunSQL(RETURN_GUARD, "DROP FUNCTION rectification_return_guard()"),
        guard(ITEM, "return_guard", "BEFORE UPDATE", "rectification_return_guard()"),
        guard("rectification_extension", "open_item_only", "BEFORE INSERT", "rectification_open_item_only()"),
        migrations.RunSQL(each("SET search_path = public, pg_temp"), each("RESET search_path")),
    ]

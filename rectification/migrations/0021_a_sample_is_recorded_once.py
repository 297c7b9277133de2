from django.db import migrations

from common.triggers import append_only, guard

LOOKBACK, LINE, TOLD = (f"rectification_{one}" for one in ("lookback", "lookbackline", "counttold"))
RULES = """
CREATE FUNCTION rectification_lookbackline_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '回头看抽中的事项不能删除' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.result <> '' OR NOT EXISTS (
         SELECT 1 FROM rectification_rectificationitem i JOIN rectification_lookback l ON l.county_id = i.county_id
          WHERE i.id = NEW.item_id AND l.id = NEW.lookback_id AND i.status = 'CLOSED' AND l.pool ? i.number) THEN
      RAISE EXCEPTION '回头看只抽本县已销号、参加抽取的事项' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.result <> '' OR (NEW.id, NEW.lookback_id, NEW.item_id, NEW."order")
     IS DISTINCT FROM (OLD.id, OLD.lookback_id, OLD.item_id, OLD."order") THEN
    RAISE EXCEPTION '回头看的结果只登记一次' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """What was drawn stays drawn; what was seen is written once."""

    dependencies = [("rectification", "0020_closed_items_are_drawn_and_counted")]
    operations = [
        migrations.RunSQL(RULES, "DROP FUNCTION rectification_lookbackline_rules()"),
        append_only(LOOKBACK),
        append_only(TOLD),
        guard(LINE, "rules", "BEFORE INSERT OR UPDATE OR DELETE", "rectification_lookbackline_rules()"),
    ]

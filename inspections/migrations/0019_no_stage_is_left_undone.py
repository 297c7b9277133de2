from django.db import migrations

from common.triggers import guard

# Runs after "frozen" and "legal_moves" (by name): what it looks at is a legal move.
STAGE = """
CREATE FUNCTION inspections_stage_gate() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NEW.status = OLD.status OR NEW.status = 'CANCELLED' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
     SELECT 1 FROM inspections_duty duty JOIN inspections_dutytemplate line ON line.id = duty.template_id
     WHERE duty.inspection_id = NEW.id AND duty.status = 'OPEN' AND line.required AND line.stage = OLD.status
     AND (line.modes = '[]'::jsonb OR jsonb_exists(line.modes, NEW.mode))) THEN
    RAISE EXCEPTION '本阶段的必办事项没有办完，不能进入下一阶段' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'AFTER' AND EXISTS (
     SELECT 1 FROM inspections_finding WHERE inspection_id = NEW.id AND status IN ('DRAFT', 'SIGNED', 'REVIEWED')) THEN
    RAISE EXCEPTION '还有底稿没有审定，不能结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """The database, too, lets no inspection out of a stage whose required duties are open (A5)."""

    dependencies = [("inspections", "0018_findings_leave_as_clues_with_all_they_said")]
    operations = [
        migrations.RunSQL(STAGE, "DROP FUNCTION inspections_stage_gate()"),
        guard("inspections_inspection", "stage_gate", "BEFORE UPDATE", "inspections_stage_gate()"),
    ]

from django.db import migrations

from common.triggers import guard, told_moves

FUNCTIONS = """
CREATE FUNCTION inspections_entry_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM inspections_annualplan WHERE id IN (OLD.plan_id, NEW.plan_id) AND status <> 'DRAFT')
     AND (TG_OP <> 'UPDATE' OR
          (NEW.id, NEW.plan_id, NEW.klass, NEW.mode, NEW.mode_reason, NEW.theme, NEW.wave, coalesce(NEW.origin_id, NEW.village_id))
          IS DISTINCT FROM
          (OLD.id, OLD.plan_id, OLD.klass, OLD.mode, OLD.mode_reason, OLD.theme, OLD.wave, coalesce(OLD.origin_id, OLD.village_id))) THEN
    RAISE EXCEPTION '计划提交之后，其中的村不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

CREATE FUNCTION inspections_checklist_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM inspections_inspection WHERE checklist_id IN (OLD.checklist_id, NEW.checklist_id)) THEN
    RAISE EXCEPTION '问题清单已经用于巡察，不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
"""
DROP = "DROP FUNCTION inspections_entry_rules(), inspections_checklist_rules()"


class Migration(migrations.Migration):
    """Villages of a plan are chosen while it is a draft (they then follow a merger only); a checklist in use stays.

    Every move of a plan, an inspection, a finding and a feedback leaves its event.
    """

    dependencies = [
        ("inspections", "0004_work_remembers_the_village_it_came_from"),
        ("common", "0003_moves_leave_their_event"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        guard("inspections_planentry", "rules", "BEFORE INSERT OR UPDATE OR DELETE", "inspections_entry_rules()"),
        guard("inspections_checklistitem", "rules", "BEFORE INSERT OR UPDATE OR DELETE", "inspections_checklist_rules()"),
        told_moves("inspections_annualplan", "inspections.AnnualPlan"),
        told_moves("inspections_inspection", "inspections.Inspection"),
        told_moves("inspections_finding", "inspections.Finding"),
        told_moves("inspections_feedback", "inspections.Feedback"),
    ]

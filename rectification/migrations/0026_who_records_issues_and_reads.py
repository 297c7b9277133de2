from django.db import migrations

from common.triggers import append_only, frozen_in, guard, legal_moves, told_moves

CASE, LESSON, RECEIPT = (f"rectification_{one}" for one in ("caseresult", "lesson", "lessonreceipt"))
CASE_RULES = """
CREATE FUNCTION rectification_caseresult_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT rectification_organ_is(NEW.recorded_by_id, 'DISCIPLINE_COMMISSION', NEW.county_id)
     OR NEW.clue_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM rectification_clue
        WHERE id = NEW.clue_id AND county_id = NEW.county_id AND receiver_id = NEW.recorded_by_id)
     OR NEW.finding_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM inspections_finding
        WHERE id = NEW.finding_id AND county_id = NEW.county_id AND status = 'FED_BACK') THEN
    RAISE EXCEPTION '案件处理结果须由本县纪委监委的接收人登记' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
LESSON_RULES = """
CREATE FUNCTION rectification_lesson_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.county_id, NEW.drafted_by_id, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.county_id, OLD.drafted_by_id, OLD.created_at)
     OR NEW.status <> OLD.status AND (
       NEW.issued_by_id = OLD.drafted_by_id
       OR NOT rectification_organ_is(NEW.issued_by_id, 'INSPECTION_OFFICE', NEW.county_id)
       OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.issued_by_id AND post = 'HEAD')
       OR common_mover('rectification.Lesson', NEW.id, OLD.status, NEW.status) IS DISTINCT FROM NEW.issued_by_id) THEN
    RAISE EXCEPTION '通报须由拟稿人以外的本县巡察办主要负责人签发' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
RECEIPT_RULES = """
CREATE FUNCTION rectification_lessonreceipt_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '通报的签阅不能删除' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.read_at IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM rectification_lesson WHERE id = NEW.lesson_id AND status = 'ISSUED') THEN
      RAISE EXCEPTION '通报签发之后才有签阅' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.read_at IS NOT NULL OR (NEW.id, NEW.lesson_id, NEW.organ_id) IS DISTINCT FROM (OLD.id, OLD.lesson_id, OLD.organ_id)
     OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.read_by_id AND organ_id = NEW.organ_id) THEN
    RAISE EXCEPTION '通报由收到的单位签阅一次' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """A case's result comes from whom the clue was handed to; a lesson is issued by another than drafted it."""

    dependencies = [("rectification", "0025_cases_teach_a_lesson")]
    operations = [
        migrations.RunSQL(CASE_RULES, "DROP FUNCTION rectification_caseresult_rules()"),
        migrations.RunSQL(LESSON_RULES, "DROP FUNCTION rectification_lesson_rules()"),
        migrations.RunSQL(RECEIPT_RULES, "DROP FUNCTION rectification_lessonreceipt_rules()"),
        append_only(CASE),
        guard(CASE, "rules", "BEFORE INSERT", "rectification_caseresult_rules()"),
        legal_moves(LESSON, ["DRAFT", "DRAFT>ISSUED"]),
        frozen_in(LESSON, "ISSUED"),
        guard(LESSON, "rules", "BEFORE UPDATE", "rectification_lesson_rules()"),
        told_moves(LESSON, "rectification.Lesson"),
        guard(RECEIPT, "rules", "BEFORE INSERT OR UPDATE OR DELETE", "rectification_lessonreceipt_rules()"),
    ]

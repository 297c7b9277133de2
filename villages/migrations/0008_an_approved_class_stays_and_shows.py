from django.db import migrations

from common.triggers import guard, told_moves

FUNCTIONS = """
CREATE FUNCTION villages_class_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status <> 'PROPOSED' AND
     (NEW.id, NEW.klass, NEW.reason, NEW.proposer_id, NEW.approver_id, NEW.approved_on, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.klass, OLD.reason, OLD.proposer_id, OLD.approver_id, OLD.approved_on, OLD.created_at) THEN
    RAISE EXCEPTION '审定过的村分类不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION villages_class_kinds_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM villages_classification
             WHERE id IN (OLD.classification_id, NEW.classification_id) AND status <> 'PROPOSED') THEN
    RAISE EXCEPTION '审定过的村分类不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

CREATE FUNCTION villages_shown_class_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.klass IS DISTINCT FROM (SELECT klass FROM villages_classification
                                 WHERE village_id = NEW.division_id AND status = 'APPROVED') THEN
    RAISE EXCEPTION '村 % 的类别须与审定的分类一致', NEW.division_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER villages_village_shown_class BEFORE UPDATE ON villages_village
  FOR EACH ROW WHEN (NEW.klass IS DISTINCT FROM OLD.klass) EXECUTE FUNCTION villages_shown_class_rules();
"""
DROP = """
DROP TRIGGER villages_village_shown_class ON villages_village;
DROP FUNCTION villages_class_rules(), villages_class_kinds_rules(), villages_shown_class_rules();
"""


class Migration(migrations.Migration):
    """What was decided on a class is not rewritten, its moves leave their event, and the village shows what was approved."""

    dependencies = [
        ("villages", "0007_ended_villages_have_a_date_and_no_circle"),
        ("common", "0003_moves_leave_their_event"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        guard("villages_classification", "rules", "BEFORE UPDATE", "villages_class_rules()"),
        guard("villages_classification_kinds", "rules", "BEFORE INSERT OR UPDATE OR DELETE", "villages_class_kinds_rules()"),
        told_moves("villages_classification", "villages.Classification"),
    ]

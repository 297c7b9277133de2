from django.db import migrations

from common.triggers import frozen_in, guard, legal_moves, told_moves

CLUE = "rectification_clue"
RULES = """
CREATE FUNCTION rectification_clue_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE mover bigint;
BEGIN
  IF NEW.seal_number = '' AND NEW.body = '' THEN
    RAISE EXCEPTION '线索 % 没有纸质密封件，也没有密封内容', NEW.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF (NEW.id, NEW.county_id, NEW.inspection_id, NEW.finding_id, NEW.number, NEW.key, NEW.seal_number, NEW.pages, NEW.seal,
      NEW.proposed_by_id, NEW.handover_due_on, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.county_id, OLD.inspection_id, OLD.finding_id, OLD.number, OLD.key, OLD.seal_number, OLD.pages, OLD.seal,
      OLD.proposed_by_id, OLD.handover_due_on, OLD.created_at) THEN
    RAISE EXCEPTION '线索 % 的封面不能修改', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = OLD.status AND NEW.receiver_id IS NOT DISTINCT FROM OLD.receiver_id THEN RETURN NEW; END IF;
  mover := common_mover('rectification.Clue', NEW.id, OLD.status, NEW.status);
  IF NOT coalesce(CASE NEW.status
       WHEN 'APPROVED' THEN mover = NEW.approved_by_id
       WHEN 'REJECTED' THEN mover = NEW.approved_by_id
       WHEN 'RECEIVED' THEN mover = NEW.receiver_id AND NEW.receiver_id = OLD.receiver_id
       WHEN 'ANSWERED' THEN mover = NEW.receiver_id AND NEW.receiver_id = OLD.receiver_id
       ELSE rectification_organ_is(mover, 'INSPECTION_OFFICE', NEW.county_id)
     END, false)
     OR NEW.status IN ('APPROVED', 'REJECTED') AND NOT (
       rectification_organ_is(mover, 'INSPECTION_OFFICE', NEW.county_id)
       AND EXISTS (SELECT 1 FROM accounts_user WHERE id = mover AND post = 'HEAD'))
     OR NEW.status IN ('APPROVED', 'HANDED_OVER') AND NEW.receiver_id IS DISTINCT FROM OLD.receiver_id
       AND NOT rectification_organ_is(NEW.receiver_id, 'DISCIPLINE_COMMISSION', NEW.county_id) THEN
    RAISE EXCEPTION '线索 % 从 % 变为 % 没有本环节人员的办理记录', OLD.number, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Who proposed, approved and signed for a clue is what the events say; its envelope stays as it was sealed."""

    dependencies = [("rectification", "0016_clues_go_their_own_way")]
    operations = [
        migrations.RunSQL(RULES, "DROP FUNCTION rectification_clue_rules()"),
        legal_moves(
            CLUE,
            [
                "PROPOSED",
                "ANSWERED>CLOSED",
                "APPROVED>HANDED_OVER",
                "HANDED_OVER>HANDED_OVER",
                "HANDED_OVER>RECEIVED",
                "PROPOSED>APPROVED",
                "PROPOSED>REJECTED",
                "RECEIVED>ANSWERED",
                "RECEIVED>HANDED_OVER",
            ],
        ),
        frozen_in(CLUE, "CLOSED", "REJECTED"),
        guard(CLUE, "rules", "BEFORE INSERT OR UPDATE", "rectification_clue_rules()"),
        told_moves(CLUE, "rectification.Clue"),
    ]

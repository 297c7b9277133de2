from django.db import migrations

from common.triggers import amended, append_only, frozen_in, guard, legal_moves, told_moves

CHECK, PHOTO, DISSENT = (f"rectification_{one}" for one in ("supervisioncheck", "checkphoto", "dissent"))

TURN = """
CREATE FUNCTION rectification_check_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM rectification_dissent WHERE item_id = NEW.item_id AND status = 'RAISED')
     OR NEW.is_recheck IS DISTINCT FROM EXISTS (
       SELECT 1 FROM rectification_dissent d JOIN rectification_supervisioncheck c ON c.id = d.raised_by_id
        WHERE d.item_id = NEW.item_id AND c.attempt = NEW.attempt AND c.link = NEW.link AND d.status = 'RECHECK')
     OR NEW.result = 'OBJECT' AND (NEW.is_recheck OR NOT EXISTS (
       SELECT 1 FROM rectification_supervisioncheck
        WHERE item_id = NEW.item_id AND attempt = NEW.attempt AND link <> NEW.link AND result = 'PASS')) THEN
    RAISE EXCEPTION '监督核查 % 现在不能这样签署', NEW.item_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

DISSENT_RULES = """
CREATE FUNCTION rectification_dissent_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF TG_OP = 'INSERT' THEN
    IF item.status <> 'UNDER_SUPERVISION' OR NOT EXISTS (
         SELECT 1 FROM rectification_supervisioncheck
          WHERE id = NEW.raised_by_id AND item_id = NEW.item_id AND attempt = item.attempt AND result = 'OBJECT') THEN
      RAISE EXCEPTION '整改事项 % 没有这样的不同意见', item.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.item_id, NEW.raised_by_id, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.item_id, OLD.raised_by_id, OLD.created_at) THEN
    RAISE EXCEPTION '整改事项 % 的不同意见不能修改', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (
       NOT rectification_organ_is(NEW.decided_by_id, 'INSPECTION_OFFICE', item.county_id)
       OR NEW.decided_by_id IN (item.submitted_by_id, item.accepted_by_id)
       OR EXISTS (SELECT 1 FROM rectification_supervisioncheck WHERE item_id = item.id AND signer_id = NEW.decided_by_id)
       OR common_mover('rectification.Dissent', NEW.id, OLD.status, NEW.status) IS DISTINCT FROM NEW.decided_by_id) THEN
    RAISE EXCEPTION '整改事项 % 的不同意见须由本县巡察办裁定并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

FAILED = "AND attempt = OLD.attempt AND signer_id = mover AND result = 'FAIL')"
UPHELD = """
         OR EXISTS (SELECT 1 FROM rectification_dissent d JOIN rectification_supervisioncheck c ON c.id = d.raised_by_id
           WHERE d.item_id = NEW.id AND c.attempt = OLD.attempt AND d.status = 'UPHELD' AND d.decided_by_id = mover)"""


class Migration(migrations.Migration):
    """Nobody signs while links disagree; the county decides, by whom the event names."""

    dependencies = [("rectification", "0018_links_say_where_they_looked_and_may_object")]
    operations = [
        migrations.RunSQL(TURN, "DROP FUNCTION rectification_check_turn()"),
        migrations.RunSQL(DISSENT_RULES, "DROP FUNCTION rectification_dissent_rules()"),
        migrations.RunSQL(
            amended("rectification_item_rules", FAILED, FAILED + UPHELD),
            amended("rectification_item_rules", FAILED + UPHELD, FAILED),
        ),
        guard(CHECK, "turn", "BEFORE INSERT", "rectification_check_turn()"),
        append_only(PHOTO),
        legal_moves(DISSENT, ["RAISED", "RAISED>RECHECK", "RAISED>UPHELD"]),
        frozen_in(DISSENT, "UPHELD", "RECHECK"),
        guard(DISSENT, "rules", "BEFORE INSERT OR UPDATE", "rectification_dissent_rules()"),
        told_moves(DISSENT, "rectification.Dissent"),
    ]

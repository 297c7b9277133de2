from django.db import migrations

from common.triggers import append_only, guard

NAMES = ("rectificationitem", "supervisioncheck", "receipt", "reply")
ITEM, CHECK, RECEIPT, REPLY = (f"rectification_{one}" for one in NAMES)

FUNCTIONS = """
CREATE FUNCTION rectification_is_told(label text, subject bigint, wanted text, person bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM common_auditevent
                 WHERE object_type = label AND object_id = subject::text AND transaction = txid_current()
                   AND action = wanted AND actor_id = person AND result = 'OK')
$$;

CREATE FUNCTION rectification_receipt_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE opinion inspections_feedback;
BEGIN
  SELECT * INTO opinion FROM inspections_feedback WHERE id = NEW.feedback_id;
  IF opinion.status <> 'ISSUED' OR NOT (CASE NEW.side
       WHEN 'TOWNSHIP' THEN rectification_organ_is(NEW.signer_id, 'PARTY_COMMITTEE', opinion.township_id)
       WHEN 'VILLAGE' THEN rectification_organ_is(NEW.signer_id, 'VILLAGE_PARTY', opinion.village_id)
         AND EXISTS (SELECT 1 FROM rectification_receipt WHERE feedback_id = NEW.feedback_id AND side = 'TOWNSHIP')
       ELSE false END) THEN
    RAISE EXCEPTION '反馈须在签发后由本乡镇党委、再由本村党组织签收' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT rectification_is_told('inspections.Feedback', NEW.feedback_id, 'receive', NEW.signer_id) THEN
    RAISE EXCEPTION '反馈的签收没有办理记录' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_is_party_building(finding bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM inspections_finding f JOIN inspections_checklistitem c ON c.id = f.checklist_item_id
                 WHERE f.id = finding AND c.party_building)
$$;

CREATE FUNCTION rectification_reply_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status NOT IN ('ASSIGNED', 'IN_PROGRESS') OR item.attempt <> NEW.attempt
     OR NOT rectification_is_party_building(item.finding_id)
     OR NOT (CASE NEW.side
       WHEN 'TOWNSHIP' THEN rectification_organ_is(NEW.author_id, 'PARTY_COMMITTEE', item.township_id)
       WHEN 'ORGANISATION' THEN rectification_organ_is(NEW.author_id, 'ORGANISATION_DEPARTMENT', item.county_id)
       ELSE false END) THEN
    RAISE EXCEPTION '党建类问题 % 须在提交验收前由本乡镇党委和本县组织部各自答复', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'reply', NEW.author_id) THEN
    RAISE EXCEPTION '党建类问题 % 的答复没有办理记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_acted(item bigint, person bigint, actions text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM common_auditevent
                 WHERE object_type = 'rectification.RectificationItem' AND object_id = item::text
                   AND actor_id = person AND action = ANY (actions) AND result = 'OK')
$$;

CREATE FUNCTION rectification_signer_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF rectification_acted(NEW.item_id, NEW.signer_id, ARRAY['accept', 'report', 'submit', 'reply']) THEN
    RAISE EXCEPTION '办理过整改的人不能监督签署' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION rectification_submission_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NEW.status <> 'UNDER_SUPERVISION' OR OLD.status = 'UNDER_SUPERVISION' THEN RETURN NEW; END IF;
  IF rectification_acted(NEW.id, NEW.submitted_by_id, ARRAY['sign', 'verify', 'return']) THEN
    RAISE EXCEPTION '监督或验收过 % 的人不能提交它' , OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF rectification_is_party_building(NEW.finding_id)
     AND (SELECT count(DISTINCT side) FROM rectification_reply WHERE item_id = NEW.id) < 2 THEN
    RAISE EXCEPTION '党建类问题 % 须乡镇党委和组织部都答复后才能提交', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DROP = """DROP FUNCTION rectification_receipt_rules(), rectification_reply_rules(), rectification_submission_rules(), rectification_signer_rules(),
rectification_acted(bigint, bigint, text[]), rectification_is_told(text, bigint, text, bigint), rectification_is_party_building(bigint)"""


class Migration(migrations.Migration):
    """A feedback is received, and a Party-building item answered, by those to whom it goes and by no other."""

    dependencies = [("rectification", "0023_feedback_is_signed_for_and_party_building_answered_twice")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        append_only(RECEIPT),
        append_only(REPLY),
        guard(RECEIPT, "rules", "BEFORE INSERT", "rectification_receipt_rules()"),
        guard(REPLY, "rules", "BEFORE INSERT", "rectification_reply_rules()"),
        guard(ITEM, "submission_rules", "BEFORE UPDATE", "rectification_submission_rules()"),
        guard(CHECK, "signer_rules", "BEFORE INSERT", "rectification_signer_rules()"),
    ]

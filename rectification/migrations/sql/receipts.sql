-- A feedback is received, and an item about Party building answered, by those to whom it goes and by no other.

-- Once issued, by the township, then by the village.
CREATE OR REPLACE FUNCTION rectification_receipt_rules() RETURNS trigger LANGUAGE plpgsql
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

-- The organisation department signs for what is handed over to it.
CREATE OR REPLACE FUNCTION rectification_partyreceipt_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status = 'CLOSED' OR NOT rectification_is_party_building(item.finding_id)
     OR NOT rectification_organ_is(NEW.signer_id, 'ORGANISATION_DEPARTMENT', item.county_id)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'receive_item', NEW.signer_id) THEN
    RAISE EXCEPTION '党建类问题 % 须由本县组织部签收并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Township and organisation department answer, each for itself, before the item is submitted.
CREATE OR REPLACE FUNCTION rectification_reply_rules() RETURNS trigger LANGUAGE plpgsql
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

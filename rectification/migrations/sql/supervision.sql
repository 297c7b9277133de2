-- Three links watch: the village's supervisors, the township's discipline officer and its discipline member.

-- Each link is signed by its own person, whom the event names, and not by who submitted.
CREATE OR REPLACE FUNCTION rectification_check_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  item rectification_rectificationitem;
  person_post text := (SELECT post FROM accounts_user WHERE id = NEW.signer_id);
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status <> 'UNDER_SUPERVISION' OR item.attempt <> NEW.attempt OR item.submitted_by_id = NEW.signer_id THEN
    RAISE EXCEPTION '整改事项 % 现在不能由此人签署', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (CASE NEW.link
    WHEN 'VILLAGE_SUPERVISORY_COMMITTEE' THEN
      person_post = 'HEAD' AND rectification_organ_is(NEW.signer_id, 'VILLAGE_SUPERVISORY', item.village_id)
    WHEN 'TOWNSHIP_DISCIPLINE_OFFICER' THEN
      person_post = 'DISCIPLINE_OFFICER'
      AND rectification_organ_is(NEW.signer_id, 'TOWNSHIP_DISCIPLINE', item.township_id)
    WHEN 'TOWNSHIP_DISCIPLINE_MEMBER' THEN
      person_post = 'DISCIPLINE_MEMBER'
      AND rectification_organ_is(NEW.signer_id, 'TOWNSHIP_DISCIPLINE', item.township_id)
    ELSE false END) THEN
    RAISE EXCEPTION '整改事项 % 的此环节须由本级监督人员签署', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
       SELECT 1 FROM common_auditevent
        WHERE object_type = 'rectification.RectificationItem' AND object_id = NEW.item_id::text
          AND transaction = txid_current() AND action = 'sign' AND actor_id = NEW.signer_id AND result = 'OK') THEN
    RAISE EXCEPTION '整改事项 % 的签署没有办理记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Whoever put the item right or judged it does not sign, in whatever attempt; one person signs one link.
CREATE OR REPLACE FUNCTION rectification_signer_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF rectification_acted(NEW.item_id, NEW.signer_id,
       ARRAY['accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension', 'submit']
       || ARRAY['verify', 'return', 'uphold', 'recheck']) THEN
    RAISE EXCEPTION '办理过整改的人不能监督签署' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM rectification_supervisioncheck WHERE item_id = NEW.item_id
               AND attempt = NEW.attempt AND signer_id = NEW.signer_id AND link <> NEW.link) THEN
    RAISE EXCEPTION '一个人只签一个监督环节' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Nobody signs while links disagree; an objection is one to what another link has passed; after it, a link checks
-- again.
CREATE OR REPLACE FUNCTION rectification_check_turn() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
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

-- Photos come from the signer, with the signature.
CREATE OR REPLACE FUNCTION rectification_checkphoto_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rectification_supervisioncheck c
                 JOIN rectification_rectificationitem i ON i.id = c.item_id
                 WHERE c.id = NEW.check_of_id AND c.item_id = NEW.item_id AND c.signer_id = NEW.uploaded_by_id
                   AND i.status = 'UNDER_SUPERVISION' AND i.attempt = c.attempt)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'sign', NEW.uploaded_by_id) THEN
    RAISE EXCEPTION '现场照片只能由签署人在签署时一并上传' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- The county decides between links that disagree, by whom the event names and who had no part in the item.
CREATE OR REPLACE FUNCTION rectification_dissent_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
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
       OR EXISTS (SELECT 1 FROM rectification_supervisioncheck
                  WHERE item_id = item.id AND signer_id = NEW.decided_by_id)
       OR common_mover('rectification.Dissent', NEW.id, OLD.status, NEW.status) IS DISTINCT FROM NEW.decided_by_id) THEN
    RAISE EXCEPTION '整改事项 % 的不同意见须由本县巡察办裁定并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

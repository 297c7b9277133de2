-- An item goes from the township to the supervising links and to the inspection office, which closes or returns it.

-- Who acts is what the move's own event says; who acted before, and until when, is written in no other move. An item
-- lies in the village where it was found, or further along the path that this village went: so it can come back when a
-- merger turns out to be wrong, and can never go to a village that has nothing to do with it. Signatures count for one
-- attempt, so each return starts a new one. Whoever put right or signed does not close. The trigger runs after
-- "frozen" and "legal_moves" (by name): what it looks at is a legal move.
CREATE OR REPLACE FUNCTION rectification_item_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  moved boolean := NEW.status <> OLD.status;
  accepted boolean := moved AND OLD.status = 'ASSIGNED';
  submitted boolean := moved AND NEW.status = 'UNDER_SUPERVISION';
  signed boolean := moved AND NEW.status = 'UNDER_VERIFICATION';
  closed boolean := moved AND NEW.status = 'CLOSED';
  again boolean := moved AND NEW.status = 'IN_PROGRESS' AND OLD.status <> 'ASSIGNED';
  mover bigint;
BEGIN
  IF (NEW.id, NEW.finding_id, NEW.feedback_id, NEW.inspection_id, NEW.number, NEW.assigned_on,
      NEW.original_deadline, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.finding_id, OLD.feedback_id, OLD.inspection_id, OLD.number, OLD.assigned_on,
      OLD.original_deadline, OLD.created_at) THEN
    RAISE EXCEPTION '整改事项 % 的标识、来源、编号、交办日期和原定时限不能修改', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.county_id, NEW.township_id, NEW.village_id) IS DISTINCT FROM (OLD.county_id, OLD.township_id, OLD.village_id)
     AND NOT EXISTS (
       WITH RECURSIVE path(id) AS (
         SELECT village_id FROM inspections_finding WHERE id = NEW.finding_id
         UNION
         SELECT coalesce(origin_id, village_id) FROM inspections_inspection WHERE id = NEW.inspection_id
         UNION
         SELECT v.successor_id FROM path JOIN villages_village v ON v.division_id = path.id
          WHERE v.successor_id IS NOT NULL
       ) SELECT 1 FROM path JOIN villages_village v ON v.division_id = path.id
          WHERE path.id = NEW.village_id AND v.township_id = NEW.township_id AND v.county_id = NEW.county_id) THEN
    RAISE EXCEPTION '整改事项 % 只能随村级建制调整换村、换乡镇', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.attempt <> OLD.attempt + again::int THEN
    RAISE EXCEPTION '整改事项 % 的整改次数在退回或者重新整改时加一，其他时候不变', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT accepted AND (NEW.accepted_at, NEW.accepted_by_id) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by_id)
     OR NOT submitted
        AND (NEW.submitted_at, NEW.submitted_by_id) IS DISTINCT FROM (OLD.submitted_at, OLD.submitted_by_id)
     OR NOT (closed OR again)
        AND (NEW.closed_at, NEW.closed_by_id) IS DISTINCT FROM (OLD.closed_at, OLD.closed_by_id) THEN
    RAISE EXCEPTION '整改事项 % 由谁、何时签收、提交和销号，只在办理时写入', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.deadline, NEW.review_on) IS DISTINCT FROM (OLD.deadline, OLD.review_on)
     AND NOT EXISTS (
       SELECT 1 FROM common_auditevent
        WHERE object_type = 'rectification.RectificationItem' AND object_id = NEW.id::text
          AND transaction = txid_current() AND source = OLD.status AND target = NEW.status AND result = 'OK'
          AND rectification_organ_is(actor_id, 'INSPECTION_OFFICE', NEW.county_id)
          AND (NEW.deadline IS NOT DISTINCT FROM OLD.deadline
               OR changes ? 'deadline'
               AND changes->'deadline'->>1 IS NOT DISTINCT FROM to_char(NEW.deadline, 'YYYY-MM-DD'))
          AND (NEW.review_on IS NOT DISTINCT FROM OLD.review_on
               OR changes ? 'review_on'
               AND changes->'review_on'->>1 IS NOT DISTINCT FROM to_char(NEW.review_on, 'YYYY-MM-DD'))) THEN
    RAISE EXCEPTION '整改事项 % 的时限须由本县巡察办调整并留下记录', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT moved THEN RETURN NEW; END IF;

  IF accepted AND NOT (
       rectification_organ_is(NEW.accepted_by_id, 'PARTY_COMMITTEE', NEW.township_id)
       AND EXISTS (SELECT 1 FROM rectification_measure WHERE item_id = NEW.id)
       AND (SELECT count(*) FROM rectification_responsible WHERE item_id = NEW.id) = 4) THEN
    RAISE EXCEPTION '整改事项 % 须由本乡镇党委填好整改措施和“四抓”责任人后签收', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF submitted AND NOT (
       rectification_organ_is(NEW.submitted_by_id, 'PARTY_COMMITTEE', NEW.township_id)
       AND EXISTS (SELECT 1 FROM rectification_attachment a JOIN rectification_progressreport r ON r.id = a.report_id
                   WHERE r.item_id = NEW.id AND r.attempt = NEW.attempt)) THEN
    RAISE EXCEPTION '整改事项 % 须由本乡镇党委附佐证提交', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (signed OR closed)
     AND (SELECT count(DISTINCT link) FROM rectification_supervisioncheck
          WHERE item_id = NEW.id AND attempt = NEW.attempt AND result = 'PASS') < 3 THEN
    RAISE EXCEPTION '整改事项 % 的监督链条没有签齐', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF closed AND (
       NOT rectification_organ_is(NEW.closed_by_id, 'INSPECTION_OFFICE', NEW.county_id)
       OR NEW.closed_by_id IN (NEW.submitted_by_id, NEW.accepted_by_id)
       OR EXISTS (SELECT 1 FROM rectification_supervisioncheck WHERE item_id = NEW.id AND signer_id = NEW.closed_by_id)
       OR EXISTS (SELECT 1 FROM common_auditevent
                  WHERE object_type = 'rectification.RectificationItem' AND object_id = NEW.id::text
                    AND actor_id = NEW.closed_by_id
                    AND action IN ('accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension',
                                   'submit', 'sign') AND result = 'OK')) THEN
    RAISE EXCEPTION '整改事项 % 须由未参与整改的本县巡察办人员销号', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;

  mover := common_mover('rectification.RectificationItem', NEW.id, OLD.status, NEW.status);
  IF NOT coalesce(CASE
       WHEN accepted THEN mover = NEW.accepted_by_id
       WHEN submitted THEN mover = NEW.submitted_by_id
       WHEN closed THEN mover = NEW.closed_by_id
       WHEN signed THEN EXISTS (SELECT 1 FROM rectification_supervisioncheck
         WHERE item_id = NEW.id AND attempt = NEW.attempt AND signer_id = mover)
       WHEN OLD.status = 'UNDER_SUPERVISION' THEN EXISTS (SELECT 1 FROM rectification_supervisioncheck
         WHERE item_id = NEW.id AND attempt = OLD.attempt AND signer_id = mover AND result = 'FAIL')
         OR EXISTS (SELECT 1 FROM rectification_dissent d JOIN rectification_supervisioncheck c ON c.id = d.raised_by_id
           WHERE d.item_id = NEW.id AND c.attempt = OLD.attempt AND d.status = 'UPHELD' AND d.decided_by_id = mover)
       WHEN OLD.status = 'UNDER_VERIFICATION' THEN rectification_organ_is(mover, 'INSPECTION_OFFICE', NEW.county_id)
       ELSE rectification_organ_is(mover, 'INSPECTION_OFFICE', NEW.county_id)
         AND EXISTS (SELECT 1 FROM accounts_user WHERE id = mover AND post = 'HEAD')
     END, false) THEN
    RAISE EXCEPTION '整改事项 % 从 % 变为 % 没有本环节人员的办理记录', OLD.number, OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Whoever watched or judged an item does not submit it; one about Party building is answered from both sides before.
CREATE OR REPLACE FUNCTION rectification_submission_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NEW.status <> 'UNDER_SUPERVISION' OR OLD.status = 'UNDER_SUPERVISION' THEN RETURN NEW; END IF;
  IF rectification_acted(NEW.id, NEW.submitted_by_id,
       ARRAY['sign', 'poll', 'verify', 'return', 'uphold', 'recheck']) THEN
    RAISE EXCEPTION '监督或验收过 % 的人不能提交它' , OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF rectification_is_party_building(NEW.finding_id)
     AND (SELECT count(DISTINCT side) FROM rectification_reply WHERE item_id = NEW.id) < 2 THEN
    RAISE EXCEPTION '党建类问题 % 须乡镇党委和组织部都答复后才能提交', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What belongs to a closed item stays as it is.
CREATE OR REPLACE FUNCTION rectification_open_item_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE subject bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM rectification_rectificationitem WHERE status = 'CLOSED'
             AND id IN (subject, CASE WHEN TG_OP = 'UPDATE' THEN OLD.item_id ELSE subject END)) THEN
    RAISE EXCEPTION '整改事项已销号，不能再改动' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- More time is asked for by the township and decided by the county, by another than puts the item right.
CREATE OR REPLACE FUNCTION rectification_extension_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF (NEW.county_id, NEW.township_id, NEW.village_id)
     IS DISTINCT FROM (item.county_id, item.township_id, item.village_id) THEN
    RAISE EXCEPTION '延期申请须与整改事项 % 在同一个村', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.old_deadline IS DISTINCT FROM item.deadline
       OR NOT rectification_organ_is(NEW.asked_by_id, 'PARTY_COMMITTEE', item.township_id) THEN
      RAISE EXCEPTION '整改事项 % 的延期须由本乡镇党委按现在的时限申请', item.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.item_id, NEW.old_deadline, NEW.new_deadline, NEW.reason, NEW.asked_by_id, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.item_id, OLD.old_deadline, OLD.new_deadline, OLD.reason, OLD.asked_by_id, OLD.created_at)
     OR NEW.status = OLD.status AND (NEW.decided_by_id, NEW.decided_at, NEW.decision)
     IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.decision) THEN
    RAISE EXCEPTION '整改事项 % 的延期申请不能修改', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (
       NEW.decided_by_id = OLD.asked_by_id
       OR rectification_acted(NEW.item_id, NEW.decided_by_id,
            ARRAY['accept', 'set_measures', 'report', 'complete_measure', 'reply', 'ask_extension', 'submit'])
       OR NOT rectification_organ_is(NEW.decided_by_id, 'INSPECTION_OFFICE', item.county_id)
       OR common_mover('rectification.Extension', NEW.id, OLD.status, NEW.status)
          IS DISTINCT FROM NEW.decided_by_id) THEN
    RAISE EXCEPTION '整改事项 % 的延期须由本县巡察办审批并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

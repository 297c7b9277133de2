-- Who signs, reviews and decides on a working paper (底稿) are other persons than wrote it, and those whom the events
-- name.

-- What was signed stays as it was read. Content changes with a move in one case: when it goes into a clue's envelope,
-- and comes out of it. Whoever wrote or signed does not review; whoever wrote or reviewed does not decide. The trigger
-- runs after "frozen" and "legal_moves" (by name): what it looks at is a legal move.
CREATE OR REPLACE FUNCTION inspections_finding_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  moved boolean := NEW.status <> OLD.status;
  mover bigint;
BEGIN
  IF (NEW.id, NEW.inspection_id, NEW.inspector_id, NEW.key, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.inspection_id, OLD.inspector_id, OLD.key, OLD.created_at) THEN
    RAISE EXCEPTION '底稿属于哪次巡察、由谁登记，不能改' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (moved OR OLD.status <> 'DRAFT') AND NOT (moved AND 'REFERRED' IN (OLD.status, NEW.status)) AND
     (NEW.checklist_item_id, NEW.title, NEW.facts, NEW.period, NEW.amount, NEW.people_affected, NEW.post_concerned,
      NEW.severity, NEW.is_common, NEW.is_immediate, NEW.evidence, NEW.second_inspector_id)
     IS DISTINCT FROM
     (OLD.checklist_item_id, OLD.title, OLD.facts, OLD.period, OLD.amount, OLD.people_affected, OLD.post_concerned,
      OLD.severity, OLD.is_common, OLD.is_immediate, OLD.evidence, OLD.second_inspector_id) THEN
    RAISE EXCEPTION '底稿签名之后，内容不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT moved THEN
    IF (NEW.number, NEW.reviewed_by_id, NEW.approved_by_id, NEW.merged_into_id)
       IS DISTINCT FROM (OLD.number, OLD.reviewed_by_id, OLD.approved_by_id, OLD.merged_into_id) THEN
      RAISE EXCEPTION '编号、初审人、审定人只随办理改变' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  mover := common_mover('inspections.Finding', NEW.id, OLD.status, NEW.status);
  IF NEW.status = 'SIGNED' AND (NEW.second_inspector_id IS NULL OR NEW.second_inspector_id IS DISTINCT FROM mover) THEN
    RAISE EXCEPTION '底稿只能由第二名巡察人员本人签名' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'REVIEWED' AND (mover IN (NEW.inspector_id, NEW.second_inspector_id)
     OR NEW.reviewed_by_id IS DISTINCT FROM mover) THEN
    RAISE EXCEPTION '底稿不能由登记人、签名人初审，初审人须是办理的人' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'CONFIRMED' AND (mover IN (NEW.inspector_id, OLD.reviewed_by_id)
     OR NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id OR NEW.approved_by_id IS DISTINCT FROM mover) THEN
    RAISE EXCEPTION '底稿不能由登记人、初审人审定，审定人须是办理的人' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'DRAFT' AND (NEW.reviewed_by_id IS NOT NULL OR NEW.approved_by_id IS NOT NULL) THEN
    RAISE EXCEPTION '退回的底稿重新初审、审定' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'MERGED' AND NOT EXISTS (
     SELECT 1 FROM inspections_finding WHERE id = NEW.merged_into_id AND id <> NEW.id
     AND inspection_id = NEW.inspection_id AND status IN ('DRAFT', 'SIGNED', 'REVIEWED', 'CONFIRMED')) THEN
    RAISE EXCEPTION '底稿只能并入同一次巡察中有效的一条' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What proves a finding stays once it was fed back.
CREATE OR REPLACE FUNCTION inspections_citation_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE one inspections_citation := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF (SELECT status FROM inspections_finding WHERE id = one.finding_id) = 'FED_BACK' THEN
    RAISE EXCEPTION '问题已经反馈，印证不能再改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN one;
END $$;

-- Clues go their own way to the discipline commission; what comes of them may teach a lesson.

-- Who proposed, approved and signed for a clue is what the events say; its envelope stays as it was sealed.
CREATE OR REPLACE FUNCTION rectification_clue_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE mover bigint;
BEGIN
  IF NEW.seal_number = '' AND NEW.body = '' THEN
    RAISE EXCEPTION '线索 % 没有纸质密封件，也没有密封内容', NEW.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF (NEW.id, NEW.county_id, NEW.inspection_id, NEW.finding_id, NEW.number, NEW.key, NEW.seal_number,
      NEW.pages, NEW.seal, NEW.proposed_by_id, NEW.handover_due_on, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.county_id, OLD.inspection_id, OLD.finding_id, OLD.number, OLD.key, OLD.seal_number,
      OLD.pages, OLD.seal, OLD.proposed_by_id, OLD.handover_due_on, OLD.created_at) THEN
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
    RAISE EXCEPTION '线索 % 从 % 变为 % 没有本环节人员的办理记录', OLD.number, OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- A case's result comes from whom the clue was handed to.
CREATE OR REPLACE FUNCTION rectification_caseresult_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
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

-- A lesson is issued by another than drafted it: the head of the county's inspection office.
CREATE OR REPLACE FUNCTION rectification_lesson_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
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

-- It is signed for once it was issued, and once by each unit.
CREATE OR REPLACE FUNCTION rectification_lessonreceipt_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
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
  IF OLD.read_at IS NOT NULL
     OR (NEW.id, NEW.lesson_id, NEW.organ_id) IS DISTINCT FROM (OLD.id, OLD.lesson_id, OLD.organ_id)
     OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.read_by_id AND organ_id = NEW.organ_id) THEN
    RAISE EXCEPTION '通报由收到的单位签阅一次' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Weights stay once in force, scores once published.

-- Weights make 100 when they come into force; there are scores when they are published.
CREATE OR REPLACE FUNCTION oversight_assessment_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status = 'IN_FORCE' AND OLD.status = 'DRAFT'
     AND (SELECT coalesce(sum(weight), 0) FROM oversight_indicator WHERE assessment_id = NEW.id) <> 100 THEN
    RAISE EXCEPTION '各项权重须合计 100' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'PUBLISHED' AND NOT EXISTS
     (SELECT 1 FROM oversight_countyscore WHERE assessment_id = NEW.id) THEN
    RAISE EXCEPTION '没有得分，不能公布' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- Rows that belong to an assessment come and go only while it stands in the status that the argument names.
CREATE OR REPLACE FUNCTION oversight_assessment_parts() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  owner bigint;
  stands text;
BEGIN
  owner := CASE WHEN TG_OP = 'DELETE' THEN OLD.assessment_id ELSE NEW.assessment_id END;
  SELECT status INTO stands FROM oversight_assessment WHERE id = owner FOR SHARE;
  IF stands <> TG_ARGV[0] OR (TG_OP = 'UPDATE' AND NEW.assessment_id <> OLD.assessment_id) THEN
    RAISE EXCEPTION '考核方案执行后不能改权重，公布后不能改得分' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- So do the lines of a county's score.
CREATE OR REPLACE FUNCTION oversight_score_lines() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM oversight_countyscore s JOIN oversight_assessment a ON a.id = s.assessment_id
             WHERE s.id = NEW.score_id AND a.status <> 'IN_FORCE') THEN
    RAISE EXCEPTION '考核已经公布，得分不能再改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Marks and commendations come after what they speak of.
CREATE OR REPLACE FUNCTION oversight_appraisal_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'oversight_qualitymark' THEN
    IF NOT EXISTS (SELECT 1 FROM inspections_inspection WHERE id = NEW.inspection_id AND status = 'CLOSED') THEN
      RAISE EXCEPTION '巡察办结之后再评价' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM oversight_occasion
                    WHERE id = NEW.occasion_id AND kind = 'APPRAISAL' AND status = 'HELD') THEN
    RAISE EXCEPTION '表扬由已经进行的激励考核决定' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

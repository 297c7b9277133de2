-- A version of the checklist is drafted, then enabled for good.

-- It is not born enabled, does not change once enabled, and stays with its county and base.
CREATE OR REPLACE FUNCTION inspections_version_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.in_force_from IS NOT NULL THEN
    RAISE EXCEPTION '问题清单先起草，再启用' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.in_force_from IS NOT NULL THEN
    RAISE EXCEPTION '问题清单已经启用，不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.county_id, NEW.base_id, NEW.number)
     IS DISTINCT FROM (OLD.county_id, OLD.base_id, OLD.number) THEN
    RAISE EXCEPTION '清单属于哪里、据哪一版起草，不能改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- So do its items. A county adds some of its own and leaves some out, and never rewrites the city's.
CREATE OR REPLACE FUNCTION inspections_checklist_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  list inspections_checklist;
BEGIN
  IF EXISTS (SELECT 1 FROM inspections_checklist
             WHERE id IN (OLD.checklist_id, NEW.checklist_id) AND in_force_from IS NOT NULL) THEN
    RAISE EXCEPTION '问题清单已经启用，不能修改' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT * INTO list FROM inspections_checklist WHERE id = NEW.checklist_id;
    IF NEW.own <> (list.county_id IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM inspections_checklistitem WHERE checklist_id = list.base_id AND code = NEW.code)) THEN
      RAISE EXCEPTION '只有县级清单另有自己的条目' USING ERRCODE = 'restrict_violation';
    END IF;
    IF list.county_id IS NOT NULL AND NOT NEW.own AND NOT EXISTS (
         SELECT 1 FROM inspections_checklistitem city WHERE city.checklist_id = list.base_id AND
         (city.code, city.aspect_code, city.point_code, city.text, city.basis, city.lead_department, city.evidence,
          city.theme, city.party_building, city.posts) =
         (NEW.code, NEW.aspect_code, NEW.point_code, NEW.text, NEW.basis, NEW.lead_department, NEW.evidence,
          NEW.theme, NEW.party_building, NEW.posts)) THEN
      RAISE EXCEPTION '市级清单的条目，县里不能改写' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- An inspection has an enabled version, and the same one from the day the team entered.
CREATE OR REPLACE FUNCTION inspections_keeps_its_version() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.checklist_id = OLD.checklist_id THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.status <> 'BEFORE' THEN
    RAISE EXCEPTION '已经进驻的巡察不换问题清单' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM inspections_checklist WHERE id = NEW.checklist_id AND in_force_from IS NULL) THEN
    RAISE EXCEPTION '问题清单还没有启用，不能用于巡察' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- No stage is entered or left but as the services demand (A5).

-- To leave a stage: its required duties are done. To enter the village: a round that has come, a leader, a mode with
-- its reason and its team. To enter and to leave it: nobody on the team who must keep away, as
-- `rules.recused_townships` has it: native place, place of service, what was declared and holds today. To leave it:
-- all papers decided, 六必谈 and 四必访 told. To close: what was found is fed back. The day is Shanghai's, as the program's
-- is. The trigger runs after "frozen" and "legal_moves" (by name): what it looks at is a legal move.
CREATE OR REPLACE FUNCTION inspections_stage_gate() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF NEW.status = OLD.status OR NEW.status = 'CANCELLED' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
     SELECT 1 FROM inspections_duty duty JOIN inspections_dutytemplate line ON line.id = duty.template_id
     WHERE duty.inspection_id = NEW.id AND duty.status = 'OPEN' AND line.required AND line.stage = OLD.status
     AND (line.modes = '[]'::jsonb OR jsonb_exists(line.modes, NEW.mode))) THEN
    RAISE EXCEPTION '本阶段的必办事项没有办完，不能进入下一阶段' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'AFTER' AND EXISTS (
     SELECT 1 FROM inspections_finding WHERE inspection_id = NEW.id AND status IN ('DRAFT', 'SIGNED', 'REVIEWED')) THEN
    RAISE EXCEPTION '还有底稿没有审定，不能结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'DURING' THEN
    IF EXISTS (SELECT 1 FROM inspections_round WHERE id = NEW.round_id AND starts_on >
       COALESCE(NEW.entered_on, (now() AT TIME ZONE 'Asia/Shanghai')::date)) THEN
      RAISE EXCEPTION '本轮还没有开始，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM inspections_teammember WHERE team_id = NEW.team_id AND post = 'LEADER') THEN
      RAISE EXCEPTION '还没有巡察组和组长，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.klass || '>' || NEW.mode NOT IN ('KEY_FOCUS>REGULAR', 'RISK>CROSS', 'RISK>RAISED', 'RISK>SPECIAL',
        'ORDINARY>MOBILE', 'ORDINARY>PINPOINT') AND btrim(NEW.mode_reason) = '')
       OR (NEW.mode = 'SPECIAL' AND (btrim(NEW.theme) = '' OR NEW.focus = '[]'::jsonb))
       OR EXISTS (SELECT 1 FROM inspections_team team JOIN accounts_organ organ ON organ.id = team.organ_id
          JOIN accounts_division place ON place.id = organ.division_id WHERE team.id = NEW.team_id
          AND ((NEW.mode = 'RAISED' AND place.tier <> 'CITY')
            OR (NEW.mode = 'CROSS' AND (place.tier <> 'COUNTY' OR place.id = NEW.county_id)))) THEN
      RAISE EXCEPTION '巡察方式缺少理由、主题或相符的巡察组，不能进驻' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.status IN ('DURING', 'AFTER') AND EXISTS (
     SELECT 1 FROM inspections_teammember member
     JOIN accounts_user person ON person.id = member.user_id
     JOIN accounts_organ organ ON organ.id = person.organ_id
     JOIN accounts_division place ON place.id = organ.division_id
     WHERE member.team_id = NEW.team_id AND member.ends_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date
     AND (NEW.township_id IN (person.native_township_id, place.id)
       OR (place.tier = 'VILLAGE' AND place.parent_id = NEW.township_id)
       OR EXISTS (SELECT 1 FROM inspections_recusal declared WHERE declared.user_id = person.id
          AND declared.township_id = NEW.township_id AND declared.status = 'IN_FORCE'
          AND (declared.until IS NULL OR declared.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)))) THEN
    RAISE EXCEPTION '巡察组里有须回避该乡镇的人员，不能进驻、结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'AFTER' AND (
     SELECT count(DISTINCT kind) FROM (
       SELECT kind FROM inspections_fieldworkgap WHERE inspection_id = NEW.id
       UNION SELECT kind FROM inspections_conversation WHERE inspection_id = NEW.id AND status = 'RECORDED'
       UNION SELECT kind FROM inspections_visit WHERE inspection_id = NEW.id AND status = 'RECORDED') told
     WHERE kind IN ('OLD_CADRE', 'OLD_MEMBER', 'OLD_TEACHER', 'VETERAN', 'ENTREPRENEUR', 'GENTRY',
       'OPEN_DOOR', 'HOUSEHOLD', 'FOCUSED', 'FOLLOW_UP')) < 10 THEN
    RAISE EXCEPTION '六必谈、四必访还有缺项，不能结束驻村' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'CLOSED' AND NOT EXISTS (
     SELECT 1 FROM inspections_feedback WHERE inspection_id = NEW.id AND status = 'ISSUED') AND EXISTS (
     SELECT 1 FROM inspections_finding WHERE inspection_id = NEW.id
     AND status IN ('DRAFT', 'SIGNED', 'REVIEWED', 'CONFIRMED', 'FED_BACK')) THEN
    RAISE EXCEPTION '还有底稿没有审定，或反馈意见还没有签发，不能办结' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

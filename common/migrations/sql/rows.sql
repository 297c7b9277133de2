-- What rows of any table may do, by the arguments of its triggers (common/triggers.py).

-- Rows are added, never changed or deleted.
CREATE OR REPLACE FUNCTION common_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% 只能新增，不能修改或删除', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Rows are born in the first argument's status and move only by the pairs "FROM>TO" that follow.
CREATE OR REPLACE FUNCTION common_legal_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> TG_ARGV[0] THEN
      RAISE EXCEPTION '% 不能从状态 % 开始', TG_TABLE_NAME, NEW.status USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.status <> OLD.status AND NOT (OLD.status || '>' || NEW.status = ANY (TG_ARGV)) THEN
    RAISE EXCEPTION '% 不能从 % 变为 %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Rows in the statuses named may not be edited, though they may move on; no row may be deleted.
CREATE OR REPLACE FUNCTION common_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '% 不能删除', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  ELSIF OLD.status = ANY (TG_ARGV) AND NEW.status = OLD.status AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION '% 在状态 % 不能修改', TG_TABLE_NAME, OLD.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

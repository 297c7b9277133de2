-- Who did it is what the event says that the same transaction wrote (docs/adr/0005). Events are looked up by key: a
-- session that first ran this on small tables would keep a plan that reads them whole.

-- Who moved this object from the old status to the new one in this transaction; null if no event says so.
CREATE OR REPLACE FUNCTION common_mover(kind text, object bigint, old_status text, new_status text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT actor_id FROM common_auditevent
           WHERE object_type = kind AND object_id = object::text AND transaction = txid_current()
             AND source = old_status AND target = new_status AND result = 'OK'
           ORDER BY id DESC LIMIT 1);
END $$;

-- A status changes only with its event, about an object of the label in the first argument.
CREATE OR REPLACE FUNCTION common_told_move() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> OLD.status AND common_mover(TG_ARGV[0], NEW.id, OLD.status, NEW.status) IS NULL THEN
    RAISE EXCEPTION '% 从 % 变为 % 没有办理记录', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Asked at the end of the transaction, when a new row has its number: there is an event, about the object of the label
-- in the first argument whose number is in the column of the second; without a label any event will do.
CREATE OR REPLACE FUNCTION common_told_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE subject text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN RETURN NULL; END IF;
  IF TG_ARGV[0] <> '' THEN
    subject := (CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END) ->> TG_ARGV[1];
  END IF;
  IF NOT EXISTS (SELECT 1 FROM common_auditevent
                  WHERE transaction = txid_current() AND result = 'OK'
                    AND (TG_ARGV[0] = '' OR object_type = TG_ARGV[0] AND object_id = subject)) THEN
    RAISE EXCEPTION '% 的改动没有办理记录', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

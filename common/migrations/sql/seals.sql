-- An event is written by the application's processes only: it carries a seal whose key their role cannot read
-- (common/seals.py). HMAC-SHA256 is sha256(outer pad, sha256(inner pad, text)): the pads are the key, and no extension
-- is needed.

-- Reads the keys as their owner, and tells nothing but yes or no.
CREATE OR REPLACE FUNCTION common_seal_fits(told text, seal bytea) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM public.common_sealkey
     WHERE sha256(outer_pad || sha256(inner_pad || substring(seal FROM 1 FOR 16) || convert_to(told, 'UTF8')))
           = substring(seal FROM 17));
END $$;

-- The transaction is put down here, not given by the writer.
CREATE OR REPLACE FUNCTION common_sealed_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.transaction := txid_current();
  IF NEW.seal IS NULL OR NOT public.common_seal_fits(jsonb_build_array(
       (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.actor_id, NEW.actor_text, NEW.action,
       NEW.object_type, NEW.object_id, NEW.object_text, NEW.result, NEW.source, NEW.target, NEW.note,
       encode(substring(inet_send(NEW.ip) FROM 5), 'hex'), NEW.request_id, NEW.changes)::text, NEW.seal) THEN
    RAISE EXCEPTION '办理记录没有应用的封印' USING ERRCODE = 'restrict_violation',
      HINT = '如果更换过 SECRET_KEY，请用应用现在的设置运行 manage.py migrate，再重启各进程。';
  END IF;
  RETURN NEW;
END $$;

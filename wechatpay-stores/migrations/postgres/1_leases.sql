-- The schema is created only if it is missing: a role may own one without the right to create one.
DO $$
BEGIN
  IF to_regnamespace('wechatpay') IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', 'wechatpay');
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS "wechatpay".migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row for each event that was ever leased, until it is purged. Holds no payload, only its number and amount.
CREATE TABLE IF NOT EXISTS "wechatpay".leases (
  scope text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  notification_id text COLLATE "C",
  event_type text NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('held', 'released', 'done')),
  fence bigint NOT NULL CHECK (fence > 0),
  attempts integer NOT NULL CHECK (attempts > 0),
  lease_until timestamptz NOT NULL,
  forget_after timestamptz NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (scope, event)
);

-- The id of a notification belongs to one event.
CREATE UNIQUE INDEX IF NOT EXISTS leases_notification ON "wechatpay".leases (scope, notification_id);
CREATE INDEX IF NOT EXISTS leases_forget_after ON "wechatpay".leases (forget_after);

-- A handler in the transaction of its lease must not commit it by itself. Its row is done from the beginning, which no other
-- transaction sees. At the commit this constraint asks if the store itself commits.
CREATE OR REPLACE FUNCTION "wechatpay".handler_must_not_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('wechatpay.commit', true) IS DISTINCT FROM txid_current()::text THEN
    RAISE EXCEPTION 'handler_must_not_commit: the transaction is not committed by the store that began it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'handler_must_not_commit';
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS handler_must_not_commit_new ON "wechatpay".leases;
CREATE CONSTRAINT TRIGGER handler_must_not_commit_new AFTER INSERT ON "wechatpay".leases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'done')
  EXECUTE FUNCTION "wechatpay".handler_must_not_commit();

-- The completion of a lease outside a transaction keeps its fence.
DROP TRIGGER IF EXISTS handler_must_not_commit_again ON "wechatpay".leases;
CREATE CONSTRAINT TRIGGER handler_must_not_commit_again AFTER UPDATE OF fence ON "wechatpay".leases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.fence > OLD.fence)
  EXECUTE FUNCTION "wechatpay".handler_must_not_commit();

INSERT INTO "wechatpay".migrations (version, name) VALUES (1, 'leases') ON CONFLICT DO NOTHING;

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

-- A handler in a transaction must not commit it by itself. While it runs, its row refers to a row that can never exist, which
-- PostgreSQL checks at the commit. The update that marks the work as done removes the reference.
CREATE TABLE IF NOT EXISTS "wechatpay".uncommitted (id integer PRIMARY KEY CHECK (false));

-- Notifications that were acknowledged and are to be handled. Holds the decrypted resource until it is handled.
CREATE TABLE IF NOT EXISTS "wechatpay".inbox (
  scope text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  notification_id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  event_type text NOT NULL,
  original_type text,
  summary text,
  combined boolean NOT NULL,
  key_id text NOT NULL,
  create_time text,
  signed_at bigint NOT NULL,
  plaintext text,
  state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'held', 'done', 'dead')),
  fence bigint NOT NULL CHECK (fence >= 0),
  attempts integer NOT NULL CHECK (attempts >= 0),
  -- Waiting: time of the next attempt. Held: end of the lease. Done: time after which the row may be purged.
  due timestamptz NOT NULL,
  last_error text,
  accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  uncommitted integer
    CONSTRAINT handler_must_not_commit REFERENCES "wechatpay".uncommitted (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (scope, event),
  UNIQUE (scope, notification_id),
  CHECK (state = 'done' OR plaintext IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS inbox_due ON "wechatpay".inbox (due) WHERE state IN ('waiting', 'held');
CREATE INDEX IF NOT EXISTS inbox_done ON "wechatpay".inbox (due) WHERE state = 'done';
CREATE INDEX IF NOT EXISTS inbox_dead ON "wechatpay".inbox (finished_at) WHERE state = 'dead';

INSERT INTO "wechatpay".migrations (version, name) VALUES (2, 'inbox') ON CONFLICT DO NOTHING;

-- Orders and refunds whose end is not known yet, and for a while those whose end is.
CREATE TABLE IF NOT EXISTS "wechatpay".pending (
  scope text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  sub_mchid text COLLATE "C",
  -- Milliseconds in which an order can be paid, or a refund is expected to end.
  lifetime bigint NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'needs-look'
  phase text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  looks bigint NOT NULL,
  held bigint NOT NULL,
  -- Time of the next look, end of the lease, or end of the retention.
  due timestamptz NOT NULL,
  registered_at timestamptz NOT NULL,
  note text,
  PRIMARY KEY (scope, kind, number)
);

CREATE INDEX IF NOT EXISTS pending_due ON "wechatpay".pending (phase, due);

INSERT INTO "wechatpay".migrations (version, name) VALUES (3, 'pending') ON CONFLICT DO NOTHING;

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

-- Notifications that were acknowledged and are to be handled. Holds the decrypted resource until it is handled. Times are
-- milliseconds since 1970.
CREATE TABLE IF NOT EXISTS wechatpay_inbox (
  scope TEXT NOT NULL,
  event TEXT NOT NULL,
  facts TEXT NOT NULL,
  notification_id TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  event_type TEXT NOT NULL,
  original_type TEXT,
  summary TEXT,
  combined INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  create_time TEXT,
  signed_at INTEGER NOT NULL,
  plaintext TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'done', 'dead')),
  fence INTEGER NOT NULL CHECK (fence >= 0),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  -- Waiting: time of the next attempt. Held: end of the lease. Done: time after which the row may be purged.
  due INTEGER NOT NULL,
  last_error TEXT,
  accepted_at INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (scope, event),
  UNIQUE (scope, notification_id),
  CHECK (state = 'done' OR plaintext IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS wechatpay_inbox_due ON wechatpay_inbox (state, due);

INSERT INTO wechatpay_migrations (version, name, applied_at)
  VALUES (3, 'inbox', CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)) ON CONFLICT DO NOTHING;

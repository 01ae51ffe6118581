CREATE TABLE IF NOT EXISTS wechatpay_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
);

-- One row for each event that was ever leased, until it is purged. Holds no payload, only its number and amount. Times are
-- milliseconds since 1970.
CREATE TABLE IF NOT EXISTS wechatpay_leases (
  scope TEXT NOT NULL,
  event TEXT NOT NULL,
  facts TEXT NOT NULL,
  notification_id TEXT,
  event_type TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'released', 'done')),
  fence INTEGER NOT NULL CHECK (fence > 0),
  attempts INTEGER NOT NULL CHECK (attempts > 0),
  lease_until INTEGER NOT NULL,
  forget_after INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (scope, event)
);

-- The id of a notification belongs to one event.
CREATE UNIQUE INDEX IF NOT EXISTS wechatpay_leases_notification ON wechatpay_leases (scope, notification_id);

CREATE INDEX IF NOT EXISTS wechatpay_leases_forget_after ON wechatpay_leases (forget_after);

INSERT INTO wechatpay_migrations (version, name, applied_at)
  VALUES (1, 'leases', CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)) ON CONFLICT DO NOTHING;

-- Orders and refunds whose end is not known yet, and for a while those whose end is. Times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS wechatpay_pending (
  scope TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  sub_mchid TEXT,
  -- Milliseconds in which an order can be paid, or a refund is expected to end.
  lifetime INTEGER NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'needs-look'
  phase TEXT NOT NULL,
  fence INTEGER NOT NULL,
  looks INTEGER NOT NULL,
  held INTEGER NOT NULL,
  -- Time of the next look, end of the lease, or end of the retention.
  due INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  note TEXT,
  PRIMARY KEY (scope, kind, number)
);

CREATE INDEX IF NOT EXISTS wechatpay_pending_due ON wechatpay_pending (phase, due);

INSERT INTO wechatpay_migrations (version, name, applied_at)
  VALUES (2, 'pending', CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)) ON CONFLICT DO NOTHING;

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

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

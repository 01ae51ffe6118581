-- Orders, refunds, shares, withdrawals and transfers whose end is not known yet, and for a while those whose end is. Times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS wechatpay_pending (
  scope TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  sub_mchid TEXT,
  -- Number of the payment that is shared or that a bill has, or of the share that is returned.
  parent TEXT,
  -- Milliseconds in which an order can be paid, or anything else is expected to end.
  lifetime INTEGER NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'finished', 'failed', 'needs-look'
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

-- Orders, refunds, shares, withdrawals and transfers whose end is not known yet, and for a while those whose end is. Times are UTC.
CREATE TABLE IF NOT EXISTS wechatpay_pending (
  scope VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(64) NOT NULL,
  sub_mchid VARCHAR(64),
  -- Number of the payment that is shared or that a bill has, or of the share that is returned.
  parent VARCHAR(64),
  -- Milliseconds in which an order can be paid, or anything else is expected to end.
  lifetime BIGINT NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'finished', 'failed', 'needs-look'
  phase VARCHAR(16) NOT NULL,
  fence BIGINT NOT NULL,
  looks INT NOT NULL,
  held INT NOT NULL,
  -- Time of the next look, end of the lease, or end of the retention.
  due DATETIME(6) NOT NULL,
  registered_at DATETIME(6) NOT NULL,
  note TEXT,
  PRIMARY KEY (scope, kind, number),
  KEY wechatpay_pending_due (phase, due)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO wechatpay_migrations (version, name, applied_at) VALUES (2, 'pending', UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE version = version;

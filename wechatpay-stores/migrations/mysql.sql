-- MySQL commits each statement that defines a table. Every statement of a step can be repeated.
CREATE TABLE IF NOT EXISTS wechatpay_migrations (
  version INT NOT NULL PRIMARY KEY,
  name VARCHAR(64) NOT NULL,
  applied_at DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each event that was ever leased, until it is purged. Holds no payload, only its number and amount. Times are
-- UTC.
CREATE TABLE IF NOT EXISTS wechatpay_leases (
  scope VARCHAR(64) NOT NULL,
  event VARCHAR(128) NOT NULL,
  facts VARCHAR(255) NOT NULL,
  notification_id VARCHAR(64),
  event_type TEXT NOT NULL,
  -- 'held', 'released' or 'done'
  state VARCHAR(8) NOT NULL,
  fence BIGINT NOT NULL,
  attempts INT NOT NULL,
  -- Random number of the request that acquired the lease last, by which that request recognizes its success.
  owner BINARY(16) NOT NULL,
  lease_until DATETIME(6) NOT NULL,
  forget_after DATETIME(6) NOT NULL,
  first_seen DATETIME(6) NOT NULL,
  finished_at DATETIME(6),
  PRIMARY KEY (scope, event),
  -- The id of a notification belongs to one event.
  UNIQUE KEY wechatpay_leases_notification (scope, notification_id),
  KEY wechatpay_leases_forget_after (forget_after)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO wechatpay_migrations (version, name, applied_at) VALUES (1, 'leases', UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE version = version;

-- Orders and refunds whose end is not known yet, and for a while those whose end is. Times are UTC.
CREATE TABLE IF NOT EXISTS wechatpay_pending (
  scope VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  number VARCHAR(64) NOT NULL,
  sub_mchid VARCHAR(64),
  -- Milliseconds in which an order can be paid, or a refund is expected to end.
  lifetime BIGINT NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'needs-look'
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

-- Notifications that were acknowledged and are to be handled. Holds the decrypted resource until it is handled. Times are UTC.
CREATE TABLE IF NOT EXISTS wechatpay_inbox (
  scope VARCHAR(64) NOT NULL,
  event VARCHAR(128) NOT NULL,
  facts VARCHAR(255) NOT NULL,
  notification_id VARCHAR(64) NOT NULL,
  digest BINARY(32) NOT NULL,
  event_type TEXT NOT NULL,
  original_type TEXT,
  summary TEXT,
  combined BOOLEAN NOT NULL,
  key_id VARCHAR(64) NOT NULL,
  create_time TEXT,
  signed_at BIGINT NOT NULL,
  plaintext LONGTEXT,
  -- 'waiting', 'held', 'done' or 'dead'
  state VARCHAR(8) NOT NULL,
  fence BIGINT NOT NULL,
  attempts INT NOT NULL,
  -- Random number of the worker that acquired the lease last, by which it recognizes its success.
  owner BINARY(16),
  -- Waiting: time of the next attempt. Held: end of the lease. Done: time after which the row may be purged.
  due DATETIME(6) NOT NULL,
  last_error TEXT,
  accepted_at DATETIME(6) NOT NULL,
  finished_at DATETIME(6),
  PRIMARY KEY (scope, event),
  UNIQUE KEY wechatpay_inbox_notification (scope, notification_id),
  KEY wechatpay_inbox_owner (owner),
  KEY wechatpay_inbox_due (state, due)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO wechatpay_migrations (version, name, applied_at) VALUES (3, 'inbox', UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE version = version;

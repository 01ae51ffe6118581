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

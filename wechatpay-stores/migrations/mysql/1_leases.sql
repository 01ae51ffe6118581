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

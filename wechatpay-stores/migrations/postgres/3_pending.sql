-- Orders, refunds, shares, withdrawals and transfers whose end is not known yet, and for a while those whose end is.
CREATE TABLE IF NOT EXISTS "wechatpay".pending (
  scope text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  sub_mchid text COLLATE "C",
  -- Number of the payment that is shared or that a bill has, or of the share that is returned.
  parent text COLLATE "C",
  -- Milliseconds in which an order can be paid, or anything else is expected to end.
  lifetime bigint NOT NULL,
  -- 'watching', 'closing', or the end: 'paid', 'closed', 'refunded', 'finished', 'failed', 'needs-look'
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

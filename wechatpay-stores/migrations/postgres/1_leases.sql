-- The schema is created only if it is missing: a role may own one without the right to create one.
DO $$
BEGIN
  IF to_regnamespace('wechatpay') IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', 'wechatpay');
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS "wechatpay".migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row for each event that was ever leased, until it is purged. Holds no payload, only its number and amount.
-- No CHECK constraints: the server reads each of them anew for each statement, which was 15 % of a handler's transaction.
-- state is 'held', 'released' or 'done'.
CREATE TABLE IF NOT EXISTS "wechatpay".leases (
  scope text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  notification_id text COLLATE "C",
  event_type text NOT NULL,
  state text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  attempts integer NOT NULL,
  lease_until timestamptz NOT NULL,
  forget_after timestamptz NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (scope, event)
);

-- The id of a notification belongs to one event.
CREATE UNIQUE INDEX IF NOT EXISTS leases_notification ON "wechatpay".leases (scope, notification_id);
CREATE INDEX IF NOT EXISTS leases_forget_after ON "wechatpay".leases (forget_after);

-- Settings of a transaction in which a handler works. They end with it, so the first also shows later that it still exists.
CREATE OR REPLACE FUNCTION "wechatpay".limit_transaction(statement_timeout text, idle_timeout text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  -- An assignment is evaluated at once; PERFORM would run a query.
  setting text;
BEGIN
  setting := set_config('wechatpay.transaction', 'open', true);
  setting := set_config('statement_timeout', limit_transaction.statement_timeout, true);
  setting := set_config('idle_in_transaction_session_timeout', idle_timeout, true);
  -- A stricter setting, for instance one that waits for a standby, stays.
  IF current_setting('synchronous_commit') = 'off' THEN
    setting := set_config('synchronous_commit', 'on', true);
  END IF;
END
$$;

-- Acquires the lease of a handler that works in this transaction; no fence if the lease is not free.
--
-- The row is done from the beginning, which nobody else sees before the commit. A caller that does not get the lock
-- returns at once, so that it holds no connection.
CREATE OR REPLACE FUNCTION "wechatpay".claim(
  scope text, event text, facts text, notification_id text, event_type text, retention interval, only_new boolean,
  statement_timeout text, idle_timeout text, OUT fence bigint, OUT attempts integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  nothing text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'wechatpay lease', 'wechatpay', claim.scope, claim.event), 0)) THEN
    RAISE lock_not_available;
  END IF;
  nothing := "wechatpay".limit_transaction(claim.statement_timeout, claim.idle_timeout);
  IF only_new THEN
    -- Fails with unique_violation if there is one. ON CONFLICT would look into each index twice.
    INSERT INTO "wechatpay".leases
      (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after)
    VALUES (claim.scope, claim.event, claim.facts, claim.notification_id, claim.event_type, 'done', 1, 1,
      clock_timestamp(), clock_timestamp() + retention);
    RETURN;
  END IF;
  INSERT INTO "wechatpay".leases
    (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after)
  VALUES (claim.scope, claim.event, claim.facts, claim.notification_id, claim.event_type, 'done', 1, 1,
    clock_timestamp(), clock_timestamp() + retention)
  ON CONFLICT DO NOTHING
  RETURNING fence, attempts INTO claim.fence, claim.attempts;
  IF FOUND THEN
    RETURN;
  END IF;
  UPDATE "wechatpay".leases SET
    state = 'done', facts = claim.facts, fence = fence + 1, attempts = attempts + 1,
    lease_until = clock_timestamp(), forget_after = clock_timestamp() + retention
  WHERE scope = claim.scope AND event = claim.event
    AND (state = 'released' OR state = 'held' AND lease_until <= clock_timestamp())
  RETURNING fence, attempts INTO claim.fence, claim.attempts;
END
$$;

-- Precedes the store's own commit. It fails if the handler ended the transaction that was begun for it.
CREATE OR REPLACE FUNCTION "wechatpay".allow_commit() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  setting text;
BEGIN
  IF current_setting('wechatpay.transaction', true) IS DISTINCT FROM 'open' THEN
    RAISE invalid_transaction_termination;
  END IF;
  setting := set_config('wechatpay.transaction', 'commit', true);
END
$$;

-- A handler in the transaction of its lease must not commit it by itself. At the commit this constraint asks if the store
-- itself commits.
CREATE OR REPLACE FUNCTION "wechatpay".handler_must_not_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('wechatpay.transaction', true) IS DISTINCT FROM 'commit' THEN
    RAISE EXCEPTION 'handler_must_not_commit: the transaction is not committed by the store that began it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'handler_must_not_commit';
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS handler_must_not_commit_new ON "wechatpay".leases;
CREATE CONSTRAINT TRIGGER handler_must_not_commit_new AFTER INSERT ON "wechatpay".leases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'done')
  EXECUTE FUNCTION "wechatpay".handler_must_not_commit();

-- The completion of a lease outside a transaction keeps its fence.
DROP TRIGGER IF EXISTS handler_must_not_commit_again ON "wechatpay".leases;
CREATE CONSTRAINT TRIGGER handler_must_not_commit_again AFTER UPDATE OF fence ON "wechatpay".leases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.fence > OLD.fence)
  EXECUTE FUNCTION "wechatpay".handler_must_not_commit();

INSERT INTO "wechatpay".migrations (version, name) VALUES (1, 'leases') ON CONFLICT DO NOTHING;

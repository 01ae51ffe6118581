-- The schema is created only if it is missing: a role may own one without the right to create one.
DO $$
BEGIN
  IF to_regnamespace({name}) IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', {name});
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS {schema}.migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A handler in a transaction must not commit it by itself. While it runs, its row refers to a row that can never exist, which
-- PostgreSQL checks at the commit. The update that marks the work as done removes the reference.
CREATE TABLE IF NOT EXISTS {schema}.uncommitted (id integer PRIMARY KEY CHECK (false));

-- One row for each event that was ever leased, until it is purged. Holds no payload, only its number and amount.
CREATE TABLE IF NOT EXISTS {schema}.leases (
  scope text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  notification_id text COLLATE "C",
  event_type text NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('held', 'released', 'done')),
  fence bigint NOT NULL CHECK (fence > 0),
  attempts integer NOT NULL CHECK (attempts > 0),
  lease_until timestamptz NOT NULL,
  forget_after timestamptz NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  uncommitted integer
    CONSTRAINT handler_must_not_commit REFERENCES {schema}.uncommitted (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (scope, event)
);

-- The id of a notification belongs to one event.
CREATE UNIQUE INDEX IF NOT EXISTS leases_notification ON {schema}.leases (scope, notification_id);
CREATE INDEX IF NOT EXISTS leases_forget_after ON {schema}.leases (forget_after);

INSERT INTO {schema}.migrations (version, name) VALUES (1, 'leases') ON CONFLICT DO NOTHING;

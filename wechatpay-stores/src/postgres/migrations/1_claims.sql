-- The schema is made only where it is missing: a role may own one and not be allowed to make it.
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

-- One row for each notification that was ever claimed, until it is purged. No payload: only its digest.
CREATE TABLE IF NOT EXISTS {schema}.claims (
  scope text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  event_type text NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('claimed', 'released', 'done')),
  fence bigint NOT NULL CHECK (fence > 0),
  attempts integer NOT NULL CHECK (attempts > 0),
  lease_until timestamptz NOT NULL,
  forget_after timestamptz NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (scope, id)
);

CREATE INDEX IF NOT EXISTS claims_forget_after ON {schema}.claims (forget_after);

INSERT INTO {schema}.migrations (version, name) VALUES (1, 'claims') ON CONFLICT DO NOTHING;

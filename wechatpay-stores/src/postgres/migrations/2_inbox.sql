-- Notifications that were acknowledged and are to be handled. Holds the decrypted resource until it is handled.
CREATE TABLE IF NOT EXISTS {schema}.inbox (
  scope text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  event_type text NOT NULL,
  original_type text,
  combined boolean NOT NULL,
  key_id text NOT NULL,
  create_time text,
  plaintext text,
  state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'claimed', 'done', 'dead')),
  fence bigint NOT NULL CHECK (fence >= 0),
  attempts integer NOT NULL CHECK (attempts >= 0),
  -- Waiting: when it is tried next. Claimed: when the lease ends. Done: when it may be forgotten.
  due timestamptz NOT NULL,
  last_error text,
  accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (scope, id),
  CHECK (state = 'done' OR plaintext IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS inbox_due ON {schema}.inbox (due) WHERE state IN ('waiting', 'claimed');
CREATE INDEX IF NOT EXISTS inbox_done ON {schema}.inbox (due) WHERE state = 'done';
CREATE INDEX IF NOT EXISTS inbox_dead ON {schema}.inbox (finished_at) WHERE state = 'dead';

INSERT INTO {schema}.migrations (version, name) VALUES (2, 'inbox') ON CONFLICT DO NOTHING;

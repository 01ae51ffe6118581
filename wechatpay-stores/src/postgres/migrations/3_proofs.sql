-- The inbox gives a notification back as it was received: with its summary, and with the time of its signature.
ALTER TABLE {schema}.inbox ADD COLUMN IF NOT EXISTS summary text;
ALTER TABLE {schema}.inbox ADD COLUMN IF NOT EXISTS signed_at bigint;

-- A handler in a transaction must not commit it by itself. While it runs its row refers to a row that can never exist, which
-- PostgreSQL checks at the commit; the mark that ends the work takes the reference back.
CREATE TABLE IF NOT EXISTS {schema}.uncommitted (id integer PRIMARY KEY CHECK (false));

ALTER TABLE {schema}.claims ADD COLUMN IF NOT EXISTS uncommitted integer
  CONSTRAINT handler_must_not_commit REFERENCES {schema}.uncommitted (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE {schema}.inbox ADD COLUMN IF NOT EXISTS uncommitted integer
  CONSTRAINT handler_must_not_commit REFERENCES {schema}.uncommitted (id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO {schema}.migrations (version, name) VALUES (3, 'proofs') ON CONFLICT DO NOTHING;

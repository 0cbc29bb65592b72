-- Calls are counted beside the pieces of a run, as they are made: what becomes of the rows makes no call undone.
CREATE TABLE sync.run_requests (
    source_id text PRIMARY KEY,
    run_id bigint NOT NULL,
    requests jsonb NOT NULL
);
COMMENT ON TABLE sync.run_requests IS 'The calls of each source''s newest run, written as they are made; the ledger takes them over when the run ends or the next one begins.';
COMMENT ON COLUMN sync.run_requests.source_id IS 'The source: sync.sources.source_id.';
COMMENT ON COLUMN sync.run_requests.run_id IS 'The run: sync.runs.run_id.';
COMMENT ON COLUMN sync.run_requests.requests IS 'Calls by stream, as a JSON object; token calls under "token".';

CREATE TABLE sync.request_counts (
    source_id text NOT NULL,
    slot integer NOT NULL CHECK (slot BETWEEN 0 AND 249),
    counted_at timestamptz NOT NULL,
    requests bigint NOT NULL,
    PRIMARY KEY (source_id, slot)
) WITH (fillfactor = 70);
COMMENT ON TABLE sync.request_counts IS 'Calls of each source by tenths of an hour, token calls too: what counts on a daily quota. The 250 rows of a source are used in turns.';
COMMENT ON COLUMN sync.request_counts.source_id IS 'The source: sync.sources.source_id.';
COMMENT ON COLUMN sync.request_counts.slot IS 'The row''s place in its turn: tenths of an hour since 1970, modulo 250.';
COMMENT ON COLUMN sync.request_counts.counted_at IS 'Beginning of the tenth of an hour that is counted.';
COMMENT ON COLUMN sync.request_counts.requests IS 'Calls made in it.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_loader') THEN
        GRANT SELECT, INSERT, UPDATE ON sync.run_requests, sync.request_counts TO registrar_loader;
    END IF;
END $$;

-- What a run was said to cost before it was made, beside what it cost.
CREATE TABLE sync.plans (
    source_id text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('baseline', 'incremental')),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    requests jsonb NOT NULL,
    PRIMARY KEY (source_id, mode)
);
COMMENT ON TABLE sync.plans IS 'The last plan of each source and mode; the next run of the mode takes it over.';
COMMENT ON COLUMN sync.plans.source_id IS 'The source: sync.sources.source_id.';
COMMENT ON COLUMN sync.plans.mode IS 'What was planned: baseline or incremental.';
COMMENT ON COLUMN sync.plans.made_at IS 'When the plan was made.';
COMMENT ON COLUMN sync.plans.requests IS 'Calls for data by stream, as a JSON object.';

ALTER TABLE sync.runs ADD COLUMN planned_requests bigint;
COMMENT ON COLUMN sync.runs.planned_requests IS 'Calls for data that the plan made before this run named; null where none was made.';
ALTER TABLE sync.run_streams ADD COLUMN planned_requests bigint;
COMMENT ON COLUMN sync.run_streams.planned_requests IS 'Calls for data that the plan made before this run named for the stream; null where none was made.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_loader') THEN
        GRANT SELECT, INSERT, UPDATE ON sync.plans TO registrar_loader;
    END IF;
END $$;

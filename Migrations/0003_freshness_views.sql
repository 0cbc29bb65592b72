-- Stable views for dashboards: how fresh the data is, and what was read of it.
-- They run with their owner's rights: who may read them needs none on the tables behind.
CREATE SCHEMA IF NOT EXISTS bi;
COMMENT ON SCHEMA bi IS 'Stable views for dashboards.';

CREATE VIEW bi.freshness AS
SELECT w.source_id, s.kind, w.stream,
    max(w.data_as_of) FILTER (WHERE w.partition = '' OR whole.stream IS NULL) AS data_as_of,
    max(w.updated_at) AS loaded_at,
    min(w.data_as_of) FILTER (WHERE w.partition <> '') AS oldest_part_as_of,
    count(*) FILTER (WHERE w.partition <> '') AS parts,
    clock_timestamp()
        - max(w.data_as_of) FILTER (WHERE w.partition = '' OR whole.stream IS NULL) AS age,
    s.not_before
FROM sync.watermarks w
JOIN sync.sources s ON s.source_id = w.source_id
LEFT JOIN sync.watermarks whole
    ON whole.source_id = w.source_id AND whole.stream = w.stream AND whole.partition = '' AND whole.data_as_of IS NOT NULL
WHERE w.data_as_of IS NOT NULL
GROUP BY w.source_id, s.kind, w.stream, s.not_before;
COMMENT ON VIEW bi.freshness IS 'How current each stream of each source is: what the platform had when it was asked, apart from when that was stored.';
COMMENT ON COLUMN bi.freshness.source_id IS 'The source.';
COMMENT ON COLUMN bi.freshness.kind IS 'The platform: grow, learnworlds, blackboard, matrix.';
COMMENT ON COLUMN bi.freshness.stream IS 'The stream: courses, learners, grades ….';
COMMENT ON COLUMN bi.freshness.data_as_of IS 'The platform''s time up to which its changes are here, as far as an incremental run can see them.';
COMMENT ON COLUMN bi.freshness.loaded_at IS 'When the stream was last stored or confirmed here.';
COMMENT ON COLUMN bi.freshness.oldest_part_as_of IS 'Of streams read part by part (a course, a learner, a gradebook column): the platform''s time at the oldest reading of a part; silent changes since then may be missing there.';
COMMENT ON COLUMN bi.freshness.parts IS 'How many parts have been read.';
COMMENT ON COLUMN bi.freshness.age IS 'How long ago data_as_of was.';
COMMENT ON COLUMN bi.freshness.not_before IS 'Until when the platform must not be asked (a spent quota); null or past: it may.';

CREATE VIEW bi.coverage AS
SELECT c.source_id, c.stream, c.outcome, count(*) AS parts, sum(c.expected)::bigint AS expected, sum(c.read)::bigint AS read,
    min(c.last_complete_at) AS oldest_complete_at, max(c.last_complete_at) AS newest_complete_at,
    count(*) FILTER (WHERE c.last_complete_at IS NULL) AS never_complete
FROM sync.coverage c
GROUP BY c.source_id, c.stream, c.outcome;
COMMENT ON VIEW bi.coverage IS 'What was to be read of each stream and what became of it, counted by outcome.';
COMMENT ON COLUMN bi.coverage.source_id IS 'The source.';
COMMENT ON COLUMN bi.coverage.stream IS 'The stream.';
COMMENT ON COLUMN bi.coverage.outcome IS 'What the last attempt gave: read, empty, refused, gone, postponed or failed.';
COMMENT ON COLUMN bi.coverage.parts IS 'How many parts (lists, courses, learners, columns) ended that way.';
COMMENT ON COLUMN bi.coverage.expected IS 'Records the platform said there are in them, where it says so.';
COMMENT ON COLUMN bi.coverage.read IS 'Distinct records read from them.';
COMMENT ON COLUMN bi.coverage.oldest_complete_at IS 'When the part that waits longest was last read to its end.';
COMMENT ON COLUMN bi.coverage.newest_complete_at IS 'When the newest part was last read to its end.';
COMMENT ON COLUMN bi.coverage.never_complete IS 'Parts that were never read to their end.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_loader') THEN
        GRANT USAGE ON SCHEMA bi TO registrar_loader;
        GRANT SELECT ON ALL TABLES IN SCHEMA bi TO registrar_loader;
    END IF;
END
$$;

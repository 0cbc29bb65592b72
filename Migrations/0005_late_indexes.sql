-- The lookups by learner are not kept up while a first baseline fills the tables, which would cost it a tenth of its time:
-- they are built at its end, from sorted rows, and are there for good.
CREATE FUNCTION sync.ensure_indexes() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- CREATE INDEX IF NOT EXISTS would make writers wait even where there is nothing to do.
    IF to_regclass('lms.enrollments_by_learner') IS NOT NULL AND to_regclass('lms.progress_by_learner') IS NOT NULL
        AND to_regclass('lms.events_by_learner') IS NOT NULL
    THEN
        RETURN false;
    END IF;
    CREATE INDEX IF NOT EXISTS enrollments_by_learner ON lms.enrollments (source_id, learner_id);
    CREATE INDEX IF NOT EXISTS progress_by_learner ON lms.progress (source_id, learner_id);
    CREATE INDEX IF NOT EXISTS events_by_learner ON lms.events (source_id, learner_id, occurred_at);
    RETURN true;
END
$$;
COMMENT ON FUNCTION sync.ensure_indexes() IS
    'Builds the indexes by learner where they are missing; returns whether it did. The end of a baseline and every increment call it.';
REVOKE ALL ON FUNCTION sync.ensure_indexes() FROM PUBLIC;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM lms.enrollments) THEN DROP INDEX lms.enrollments_by_learner; END IF;
    IF NOT EXISTS (SELECT FROM lms.progress) THEN DROP INDEX lms.progress_by_learner; END IF;
    IF NOT EXISTS (SELECT FROM lms.events) THEN DROP INDEX lms.events_by_learner; END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_loader') THEN
        GRANT EXECUTE ON FUNCTION sync.ensure_indexes() TO registrar_loader;
    END IF;
END
$$;

-- An entry of the queue is looked up by its key. An index that begins with the source, too, is taken for it where the
-- statistics were made of an empty queue, and goes through the whole of it for each entry.
DROP INDEX sync.pending_by_due_at;
CREATE INDEX pending_by_due_at ON sync.pending (due_at);

-- The typed records, what BI reads: docs/data-dictionary.md. The records in Sources/Records say the same in Swift and a
-- test compares the two; the COMMENTs are written from there by the migrator. No foreign keys: a record that points to
-- a rejected or unknown one loads all the same.

CREATE SCHEMA lms;
COMMENT ON SCHEMA lms IS 'Typed records of the learning platforms, as they stand there now.';
CREATE SCHEMA bi;
COMMENT ON SCHEMA bi IS 'Stable views for dashboards.';
CREATE SCHEMA hist;
COMMENT ON SCHEMA hist IS 'Former versions of the rows of lms.';

CREATE TABLE lms.terms (
    source_id text NOT NULL,
    term_id text NOT NULL,
    title text,
    type text,
    starts_at timestamptz,
    ends_at timestamptz,
    parent_term_id text,
    status text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, term_id)
);

CREATE TABLE lms.organizations (
    source_id text NOT NULL,
    organization_id text NOT NULL,
    name text,
    description text,
    internal boolean,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, organization_id)
);

CREATE TABLE lms.courses (
    source_id text NOT NULL,
    course_id text NOT NULL,
    title text,
    code text,
    description text,
    status text,
    category text,
    term_id text,
    parent_course_id text,
    url text,
    starts_at timestamptz,
    ends_at timestamptz,
    created_at timestamptz,
    modified_at timestamptz,
    custom_fields jsonb,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id)
);

CREATE TABLE lms.course_units (
    source_id text NOT NULL,
    course_id text NOT NULL,
    unit_id text NOT NULL,
    section_id text,
    section_title text,
    section_position integer,
    title text,
    type text,
    position integer,
    assessment_id text,
    access text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id, unit_id)
);

CREATE TABLE lms.assessments (
    source_id text NOT NULL,
    assessment_id text NOT NULL,
    course_id text,
    title text,
    type text,
    scope text,
    category text,
    points_possible numeric,
    weight numeric,
    grading text,
    available boolean,
    opens_at timestamptz,
    due_at timestamptz,
    position integer,
    external_id text,
    unit_id text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, assessment_id)
);

CREATE TABLE lms.learners (
    source_id text NOT NULL,
    learner_id text NOT NULL,
    username text,
    email text,
    first_name text,
    last_name text,
    external_id text,
    role text,
    status text,
    tags text[],
    organization_id text,
    job_title_id text,
    created_at timestamptz,
    archived_at timestamptz,
    first_login_at timestamptz,
    last_login_at timestamptz,
    login_count integer,
    custom_fields jsonb,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, learner_id)
);

CREATE TABLE lms.enrollments (
    source_id text NOT NULL,
    course_id text NOT NULL,
    learner_id text NOT NULL,
    role text,
    status text,
    method text,
    enrolled_at timestamptz,
    expires_at timestamptz,
    started_at timestamptz,
    last_accessed_at timestamptz,
    ended_at timestamptz,
    parent_course_id text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id, learner_id)
);

CREATE TABLE lms.progress (
    source_id text NOT NULL,
    course_id text NOT NULL,
    learner_id text NOT NULL,
    status text,
    progress_rate numeric,
    average_score_rate numeric,
    time_on_course_seconds bigint,
    completed_units integer,
    total_units integer,
    started_at timestamptz,
    last_accessed_at timestamptz,
    completed_at timestamptz,
    final_letter text,
    parent_course_id text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id, learner_id)
);

CREATE TABLE lms.unit_progress (
    source_id text NOT NULL,
    course_id text NOT NULL,
    learner_id text NOT NULL,
    unit_id text NOT NULL,
    section_id text,
    unit_title text,
    unit_type text,
    status text,
    progress_rate numeric,
    score_rate numeric,
    time_on_unit_seconds bigint,
    completed_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id, learner_id, unit_id)
);

CREATE TABLE lms.certificates (
    source_id text NOT NULL,
    learner_id text NOT NULL,
    certificate_id text NOT NULL,
    course_id text,
    title text,
    type text,
    issued_at timestamptz,
    expires_at timestamptz,
    score text,
    status text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, learner_id, certificate_id)
);

CREATE TABLE lms.grades (
    source_id text NOT NULL,
    course_id text NOT NULL,
    learner_id text NOT NULL,
    assessment_id text NOT NULL,
    score numeric,
    points_possible numeric,
    percent numeric,
    letter text,
    status text,
    exempt boolean,
    overridden boolean,
    overridden_at timestamptz,
    submitted_at timestamptz,
    graded_at timestamptz,
    change_index bigint,
    parent_course_id text,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, course_id, learner_id, assessment_id)
);

CREATE TABLE lms.assessment_responses (
    source_id text NOT NULL,
    learner_id text NOT NULL,
    response_id text NOT NULL,
    assessment_id text,
    course_id text,
    submitted_at timestamptz,
    score numeric,
    percent numeric,
    passed boolean,
    answers jsonb,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, learner_id, response_id)
);

CREATE TABLE lms.events (
    source_id text NOT NULL,
    event_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    activity text,
    learner_id text,
    course_id text,
    unit_id text,
    description text,
    payload jsonb,
    first_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (source_id, event_id, occurred_at)
) PARTITION BY RANGE (occurred_at);

-- A learner is re-pulled whole, so what the warehouse holds of one learner is looked up in every incremental run; the
-- primary keys begin with the course.
CREATE INDEX enrollments_by_learner ON lms.enrollments (source_id, learner_id);
CREATE INDEX progress_by_learner ON lms.progress (source_id, learner_id);
CREATE INDEX events_by_learner ON lms.events (source_id, learner_id, occurred_at);

-- Partitions are made when the first event of a month arrives. There is no default partition: every new partition
-- would have to scan it. The loader may not create tables, so the function runs with its owner's rights; the name is
-- computed from the date alone. Attaching, unlike CREATE TABLE … PARTITION OF, lets readers go on.
CREATE FUNCTION sync.ensure_event_partition(month date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = iso
AS $$
DECLARE
    first_day date := date_trunc('month', month::timestamp)::date;
    next_month date := (date_trunc('month', month::timestamp) + interval '1 month')::date;
    partition_name text := 'events_y' || to_char(first_day, 'YYYY') || 'm' || to_char(first_day, 'MM');
BEGIN
    IF month IS NULL OR month < DATE '1970-01-01' OR month >= DATE '2200-01-01' THEN
        RAISE EXCEPTION 'no partition for this month' USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass('lms.' || partition_name) IS NOT NULL THEN
        RETURN partition_name;
    END IF;
    -- The lock that attaching needs; taking it also makes a partition visible that another session has just made.
    LOCK TABLE ONLY lms.events IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass('lms.' || partition_name) IS NULL THEN
        EXECUTE format('CREATE TABLE lms.%I (LIKE lms.events INCLUDING DEFAULTS INCLUDING STORAGE)', partition_name);
        EXECUTE format(
            'ALTER TABLE lms.events ATTACH PARTITION lms.%I FOR VALUES FROM (%L) TO (%L)',
            partition_name, first_day || ' 00:00:00+00', next_month || ' 00:00:00+00');
    END IF;
    RETURN partition_name;
END
$$;
COMMENT ON FUNCTION sync.ensure_event_partition(date) IS
    'Creates the partition of lms.events for the month (UTC) of a date, where it is missing; returns its name.';
REVOKE ALL ON FUNCTION sync.ensure_event_partition(date) FROM PUBLIC;

-- One role may do everything, as in a first trial; where the separate roles exist they get what each needs.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_loader') THEN
        GRANT USAGE ON SCHEMA lms, sync TO registrar_loader;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA lms, sync TO registrar_loader;
        GRANT DELETE ON sync.inbox, sync.pending, sync.checkpoints TO registrar_loader;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA sync TO registrar_loader;
        GRANT EXECUTE ON FUNCTION sync.ensure_event_partition(date) TO registrar_loader;
        IF to_regclass('sync.schema_migrations') IS NOT NULL THEN
            REVOKE INSERT, UPDATE ON sync.schema_migrations FROM registrar_loader;
        END IF;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'registrar_inbox') THEN
        GRANT USAGE ON SCHEMA sync TO registrar_inbox;
        GRANT INSERT ON sync.inbox TO registrar_inbox;
    END IF;
END
$$;

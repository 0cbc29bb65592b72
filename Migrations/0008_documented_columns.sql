-- Columns that the platforms send and no connector wrote before. They are null until a row is read again: by its share
-- of the rolling re-reads, or at once by `sync --full`. The COMMENTs are written by the migrator, from the records.
ALTER TABLE lms.assessments
    ADD COLUMN category_id text,
    ADD COLUMN pass_percent numeric,
    ADD COLUMN created_at timestamptz,
    ADD COLUMN modified_at timestamptz;
ALTER TABLE lms.learners
    ADD COLUMN roles text[];
ALTER TABLE lms.enrollments
    ADD COLUMN suspended_at timestamptz;
ALTER TABLE lms.certificates
    ADD COLUMN template_id text;

-- What a source's rows were loaded from, and in which form they are stored.
ALTER TABLE sync.sources ADD COLUMN stored_form jsonb;
COMMENT ON COLUMN sync.sources.stored_form IS 'The settings that decide what the stored rows look like, as they were when these were stored; null until a release that keeps it has run.';
ALTER TABLE sync.sources ADD COLUMN identity jsonb;
COMMENT ON COLUMN sync.sources.identity IS 'What the platform itself says it is, such as its release; null where it says nothing.';
COMMENT ON COLUMN sync.sources.kind IS 'The platform that the stored rows came from: grow, learnworlds, blackboard or matrix.';
COMMENT ON COLUMN sync.sources.url IS 'The base address that the stored rows came from, without credentials.';

-- runs with 3: it only adds. What creators do: drafts, who may do what with them, test plays, publications.

-- What was sent, a row for each time, counted from 1: `sources` is JSON (path -> text), `clips` is JSON (path -> name in
-- the vault, with what is known of it). Of each story the latest few are kept.
CREATE TABLE draft (
    story words NOT NULL,
    upload bigint NOT NULL,
    viewer bigint NOT NULL,
    at bigint NOT NULL,
    sources words NOT NULL,
    clips words NOT NULL,
    PRIMARY KEY (story, upload)
);

CREATE INDEX draft_by_viewer ON draft (viewer);

-- What a viewer may do with a story. A story has a draft exactly as long as somebody is its owner.
CREATE TABLE role (
    story words NOT NULL,
    viewer bigint NOT NULL,
    role words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (story, viewer)
);

CREATE INDEX role_by_viewer ON role (viewer);

-- Links that give a role: each once, until its time. Only a digest of what is in the link is kept.
CREATE TABLE invite (
    code words PRIMARY KEY,
    story words NOT NULL,
    role words NOT NULL,
    viewer bigint NOT NULL,
    until bigint NOT NULL
);

CREATE INDEX invite_by_story ON invite (story);
CREATE INDEX invite_by_viewer ON invite (viewer);

-- Who did what with a story. `viewer` is 0 once they were forgotten. `id` comes from the server's clock, and grows.
CREATE TABLE audit (
    story words NOT NULL,
    id bigint NOT NULL,
    at bigint NOT NULL,
    viewer bigint NOT NULL,
    deed words NOT NULL,
    detail words NOT NULL,
    PRIMARY KEY (story, id)
);

CREATE INDEX audit_by_viewer ON audit (viewer);

-- What was published, counted from 1: the last one holds. `state` is "live", "withdrawn" (who plays it plays on, nobody
-- begins) or "stopped" (nobody plays).
CREATE TABLE publication (
    story words NOT NULL,
    number bigint NOT NULL,
    version words NOT NULL,
    state words NOT NULL,
    viewer bigint NOT NULL,
    at bigint NOT NULL,
    clips words NOT NULL,
    PRIMARY KEY (story, number)
);

CREATE INDEX publication_by_viewer ON publication (viewer);

-- The one test play of a viewer: of which story, and of which of its uploads.
CREATE TABLE rehearsal (
    viewer bigint PRIMARY KEY,
    story words NOT NULL,
    upload bigint NOT NULL,
    revision bigint NOT NULL,
    body words NOT NULL,
    at bigint NOT NULL
) WITH (fillfactor = 60);

CREATE INDEX rehearsal_by_story ON rehearsal (story);

CREATE TYPE deed_row AS (story text, at bigint, viewer bigint, deed text, detail text);

-- A line of a story's log: behind all that are there, whatever became of the clock. Those of two writers differ by their
-- backends, though they may be of one moment: another kind of database has one count for all stories.
CREATE FUNCTION add_deed(done deed_row) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (story, id, at, viewer, deed, detail)
    SELECT
        done.story,
        greatest(
            clock_number() + (pg_backend_pid() & 1023),
            (SELECT max(audit.id) + 1 FROM audit WHERE audit.story = done.story)
        ),
        done.at, done.viewer, done.deed, done.detail
    ON CONFLICT DO NOTHING;
    IF NOT found THEN
        PERFORM outrun();
    END IF;
END
$$;

-- Who must be thought of when a story's next version is published. Last: while it is made, steps wait.
CREATE INDEX session_by_story ON session (story, id);

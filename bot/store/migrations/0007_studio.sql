-- runs with 4: it only adds. What creators do: drafts, who may do what with them, test plays, publications.

-- What was sent, a row for each time, counted from 1: `sources` is JSON (path -> text), `clips` is JSON (path -> name in
-- the vault, with what is known of it). Of each story the latest few are kept.
CREATE TABLE draft (
    story TEXT NOT NULL,
    upload INTEGER NOT NULL,
    viewer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sources TEXT NOT NULL,
    clips TEXT NOT NULL,
    PRIMARY KEY (story, upload)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_by_viewer ON draft (viewer);

-- What a viewer may do with a story. A story has a draft exactly as long as somebody is its owner.
CREATE TABLE role (
    story TEXT NOT NULL,
    viewer INTEGER NOT NULL,
    role TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (story, viewer)
) STRICT, WITHOUT ROWID;

CREATE INDEX role_by_viewer ON role (viewer);

-- Links that give a role: each once, until its time. Only a digest of what is in the link is kept.
CREATE TABLE invite (
    code TEXT PRIMARY KEY,
    story TEXT NOT NULL,
    role TEXT NOT NULL,
    viewer INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invite_by_story ON invite (story);
CREATE INDEX invite_by_viewer ON invite (viewer);

-- Who did what with a story. `viewer` is 0 once they were forgotten.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story TEXT NOT NULL,
    at INTEGER NOT NULL,
    viewer INTEGER NOT NULL,
    deed TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_story ON audit (story, id);
CREATE INDEX audit_by_viewer ON audit (viewer);

-- What was published, counted from 1: the last one holds. `state` is "live", "withdrawn" (who plays it plays on, nobody
-- begins) or "stopped" (nobody plays).
CREATE TABLE publication (
    story TEXT NOT NULL,
    number INTEGER NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    viewer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    clips TEXT NOT NULL,
    PRIMARY KEY (story, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX publication_by_viewer ON publication (viewer);

-- The one test play of a viewer: of which story, and of which of its uploads.
CREATE TABLE rehearsal (
    viewer INTEGER PRIMARY KEY,
    story TEXT NOT NULL,
    upload INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX rehearsal_by_story ON rehearsal (story);

-- Who must be thought of when a story's next version is published.
CREATE INDEX session_by_story ON session (story, id);

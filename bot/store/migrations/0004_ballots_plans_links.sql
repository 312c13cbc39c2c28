-- Decided ballots, watch-alongs to begin later, codes that join identities, and how often each ending was reached.

-- With its votes and the dice each can be counted again. Its host is beside the body, so that they can be forgotten.
CREATE TABLE ballot (
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    host TEXT,
    body BLOB NOT NULL,
    winner TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (session, revision)
) STRICT, WITHOUT ROWID;

CREATE INDEX ballot_by_host ON ballot (host) WHERE host IS NOT NULL;

-- Watch-alongs to begin at a time; `id` is 62 random bits.
CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    host TEXT NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX plan_by_time ON plan (at);
CREATE INDEX plan_by_chat ON plan (platform, address);
CREATE INDEX plan_by_host ON plan (host);

-- Who enters a viewer's code until then is that viewer from now on; a viewer has one code at most.
CREATE TABLE link_code (
    code TEXT PRIMARY KEY,
    viewer INTEGER NOT NULL UNIQUE REFERENCES viewer (id),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_code_by_time ON link_code (until);

-- An ending's count stands among those of the choices of its scene, as that of the choice '': no choice has that id.
INSERT INTO choice_count (story, scene, choice, times)
SELECT story, scene, '', count(*) FROM fact WHERE kind = 'ending' GROUP BY story, scene;

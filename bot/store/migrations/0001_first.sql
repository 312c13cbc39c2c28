-- What the bot cannot lose. Times are Unix milliseconds; ids of viewers and sessions are 62 random bits.

CREATE TABLE viewer (
    id INTEGER PRIMARY KEY,
    language TEXT
) STRICT;

-- Several identities may stand for one viewer.
CREATE TABLE identity (
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    viewer INTEGER NOT NULL REFERENCES viewer (id),
    PRIMARY KEY (platform, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_by_viewer ON identity (viewer);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    viewer INTEGER NOT NULL REFERENCES viewer (id),
    story TEXT NOT NULL,
    version TEXT NOT NULL,
    seed INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state BLOB NOT NULL,
    address TEXT,
    updated INTEGER NOT NULL,
    UNIQUE (viewer, story)
) STRICT;

-- Every event that was committed: a second arrival changes nothing.
CREATE TABLE event (
    platform TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

-- Cards still to be delivered. AUTOINCREMENT, because delivery reads on from the last id it saw: an id that was
-- given again after its card was delivered would never be seen. That id also bounds the search for a platform's
-- cards, so there is no index by platform: it would cost every commit a seventh of its time.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT
) STRICT;

-- Everything due later. AUTOINCREMENT, so that a late word about a row that is gone never means another one.
CREATE TABLE agenda (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    payload BLOB NOT NULL
) STRICT;

CREATE INDEX agenda_by_session ON agenda (session, revision);
CREATE INDEX agenda_by_time ON agenda (at);

-- What happened, for the figures. Only ever appended to.
CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    story TEXT NOT NULL,
    kind TEXT NOT NULL,
    scene TEXT NOT NULL,
    choice TEXT,
    at INTEGER NOT NULL,
    took INTEGER
) STRICT;

-- How often each choice was taken: counted as the facts are written, so that showing it costs no search.
CREATE TABLE choice_count (
    story TEXT NOT NULL,
    scene TEXT NOT NULL,
    choice TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (story, scene, choice)
) STRICT, WITHOUT ROWID;

-- The sources of every version a session was ever pinned to (JSON: path -> text).
CREATE TABLE story_version (
    story TEXT NOT NULL,
    version TEXT NOT NULL,
    sources TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (story, version)
) STRICT;

-- The platform's own file id for a clip, which belongs to one bot.
CREATE TABLE clip_file (
    bot TEXT NOT NULL,
    clip TEXT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (bot, clip)
) STRICT, WITHOUT ROWID;

-- Events that failed too often, for the operator.
CREATE TABLE trouble (
    platform TEXT NOT NULL,
    id TEXT NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

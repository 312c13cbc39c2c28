-- Chats, preferences, purchases, watch-alongs. Times are Unix milliseconds.

CREATE TABLE preference (
    viewer INTEGER NOT NULL REFERENCES viewer (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (viewer, name)
) STRICT, WITHOUT ROWID;

-- Where a session's card stands in a chat. The index is not touched when the card is replaced.
CREATE TABLE shown (
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, address, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_by_session ON shown (session);

-- Chats that can never be reached again.
CREATE TABLE lost_chat (
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, address)
) STRICT, WITHOUT ROWID;

-- The sessions at an address. Not an index on session.address: SQLite would rewrite it at every step, although the
-- address is hardly ever another one. These triggers act only when it is.
CREATE TABLE session_at (
    address TEXT NOT NULL,
    session INTEGER NOT NULL,
    PRIMARY KEY (address, session)
) STRICT, WITHOUT ROWID;

INSERT INTO session_at (address, session) SELECT address, id FROM session WHERE address IS NOT NULL;

CREATE TRIGGER session_arrives AFTER INSERT ON session WHEN new.address IS NOT NULL
BEGIN
    INSERT INTO session_at (address, session) VALUES (new.address, new.id);
END;

CREATE TRIGGER session_moves AFTER UPDATE OF address ON session WHEN new.address IS NOT old.address
BEGIN
    DELETE FROM session_at WHERE address = old.address AND session = old.id;
    INSERT INTO session_at (address, session) SELECT new.address, new.id WHERE new.address IS NOT NULL;
END;

CREATE TRIGGER session_leaves AFTER DELETE ON session WHEN old.address IS NOT NULL
BEGIN
    DELETE FROM session_at WHERE address = old.address AND session = old.id;
END;

-- What was paid for. It refers to no row of viewer: what was paid is written down whatever became of them.
CREATE TABLE purchase (
    charge TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    viewer INTEGER,
    story TEXT NOT NULL,
    episode TEXT NOT NULL,
    stars INTEGER NOT NULL,
    at INTEGER NOT NULL,
    refunded INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX purchase_by_viewer ON purchase (viewer, story);

-- Watch-alongs. `id` counts them up, so that the latest one of a chat can be told.
CREATE TABLE room (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL UNIQUE REFERENCES session (id),
    code TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    revision INTEGER NOT NULL,
    open INTEGER NOT NULL,
    body BLOB NOT NULL,
    version INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX room_by_chat ON room (platform, address);

CREATE TABLE vote (
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    voter TEXT NOT NULL,
    ranking TEXT NOT NULL,
    weight INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (session, revision, voter)
) STRICT, WITHOUT ROWID;

-- For a viewer who wants to see or to forget their votes.
CREATE INDEX vote_by_voter ON vote (voter);

-- The agenda by what a row is for, instead of by a number of its own: all of a session's rows lie together, so that a
-- tap changes one page and an index, however many sessions there are. The revision in the key makes that a late word
-- about a row that is gone never means another one.

CREATE TABLE keyed_agenda (
    session INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (session, revision, kind)
) STRICT, WITHOUT ROWID;

-- Where there were two of a kind, the step that the earlier one caused would have removed the later one.
INSERT INTO keyed_agenda (session, revision, kind, at, payload)
SELECT session, revision, kind, min(at), payload FROM agenda GROUP BY session, revision, kind;

DROP TABLE agenda;
ALTER TABLE keyed_agenda RENAME TO agenda;

CREATE INDEX agenda_by_time ON agenda (at);

-- The statements of the SQLite store. Each block's name is a field of `bot.store.queries.Queries`.
-- Those used for many rows at once have VALUES before their row: `bot.store.rows` repeats that row.

-- name: find_viewer
SELECT viewer.id, viewer.language
FROM identity JOIN viewer ON viewer.id = identity.viewer
WHERE identity.platform = ? AND identity.user = ?

-- name: add_viewer
INSERT INTO viewer (id) VALUES (?)

-- name: add_identity
INSERT INTO identity (platform, user, viewer) VALUES (?, ?, ?)

-- name: set_language
UPDATE viewer SET language = ? WHERE id = ?

-- name: sessions
-- Each with the number it was asked under; where an owner is asked for too, only if it is theirs.
WITH asked (number, session, platform, user) AS (
    VALUES (?, ?, ?, ?)
)
SELECT asked.number, session.id, viewer, story, version, seed, revision, state, address, updated
FROM asked CROSS JOIN session ON session.id = asked.session
WHERE asked.platform IS NULL OR session.viewer = (
    SELECT identity.viewer FROM identity WHERE identity.platform = asked.platform AND identity.user = asked.user
)

-- name: session_in
SELECT id, viewer, story, version, seed, revision, state, address, updated
FROM session WHERE viewer = ? AND story = ?

-- name: revision
SELECT revision FROM session WHERE id = ?

-- name: sessions_of
SELECT id, viewer, story, version, seed, revision, state, address, updated
FROM session WHERE viewer = ? ORDER BY updated DESC, id DESC

-- name: look_before
-- One JSON array of [number asked, whether the event is known, the session's revision, whether the place is taken].
WITH asked (number, platform, event, session, viewer, story) AS (
    VALUES (?, ?, ?, ?, ?, ?)
)
SELECT json_group_array(json_array(asked.number, event.id IS NOT NULL, session.revision, other.id IS NOT NULL))
FROM asked
LEFT JOIN event ON event.platform = asked.platform AND event.id = asked.event
LEFT JOIN session ON session.id = asked.session
LEFT JOIN session AS other ON other.viewer = asked.viewer AND other.story = asked.story

-- name: add_events
INSERT INTO event (platform, id, at)
SELECT column1, column2, CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM (
    VALUES (?, ?)
)

-- name: seen
SELECT 1 FROM event WHERE platform = ? AND id = ?

-- name: add_sessions
INSERT INTO session (id, viewer, story, version, seed, revision, state, address, updated)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: move_sessions
-- Not an upsert: that would look into the index of viewers and stories at every tap, a page of its own in a large file.
-- One that is no longer at the revision it was expected at stays as it is. Not a WITH either: Python's sqlite3 counts
-- the rows changed only for statements that begin with UPDATE.
UPDATE session SET
    version = moved.column3, seed = moved.column4, revision = moved.column5,
    state = moved.column6, address = moved.column7, updated = moved.column8
FROM (
    -- id, expected, version, seed, revision, state, address, updated
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
) AS moved
WHERE session.id = moved.column1 AND session.revision = moved.column2

-- name: clear_agenda
DELETE FROM agenda WHERE session IN (
    VALUES (?)
)

-- name: add_dues
INSERT INTO agenda (at, kind, session, revision, payload)
VALUES (?, ?, ?, ?, ?)

-- name: add_cards
INSERT INTO outbox (platform, address, session, revision, body)
VALUES (?, ?, ?, ?, ?)

-- name: add_facts
INSERT INTO fact (session, revision, story, version, kind, scene, choice, at, took)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: count_choices
-- And endings, as the choice ''.
INSERT INTO choice_count (story, scene, choice, times)
VALUES (?, ?, ?, ?)
ON CONFLICT (story, scene, choice) DO UPDATE SET times = times + excluded.times

-- name: drop_due
DELETE FROM agenda WHERE session = ? AND revision = ? AND kind = ?

-- name: due
SELECT at, kind, session, revision, payload
FROM agenda WHERE at <= ? ORDER BY at, session, revision, kind LIMIT ?

-- name: hold
INSERT INTO lease (name, worker, until) VALUES (?1, ?2, ?3 + ?4)
ON CONFLICT (name) DO UPDATE SET worker = excluded.worker, until = excluded.until
WHERE lease.worker = excluded.worker OR lease.until <= ?3

-- name: let_go
DELETE FROM lease WHERE name = ? AND worker = ?

-- name: held
SELECT name, worker FROM lease WHERE until > ?

-- name: next_due
SELECT min(at) FROM agenda

-- name: pending
SELECT platform, address, session, revision, body, id, attempts
FROM outbox WHERE platform = ? AND id > ? ORDER BY id LIMIT ?

-- name: delivered
DELETE FROM outbox WHERE id = ?

-- name: attempted
UPDATE outbox SET attempts = attempts + 1, error = ? WHERE id = ?

-- name: choice_counts
SELECT choice, times FROM choice_count WHERE story = ? AND scene = ? AND choice <> ''

-- name: ending_counts
SELECT scene, times FROM choice_count WHERE story = ? AND choice = ''

-- name: keep_version
INSERT INTO story_version (story, version, sources, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: version
SELECT sources FROM story_version WHERE story = ? AND version = ?

-- name: clip_file
SELECT file_id FROM clip_file WHERE bot = ? AND clip = ?

-- name: keep_clip_file
INSERT INTO clip_file (bot, clip, file_id) VALUES (?, ?, ?)
ON CONFLICT (bot, clip) DO UPDATE SET file_id = excluded.file_id

-- name: set_aside
INSERT INTO trouble (platform, id, error, at) VALUES (?, ?, ?, ?)
ON CONFLICT (platform, id) DO UPDATE SET error = excluded.error, at = excluded.at

-- name: troubles
SELECT platform, id, error, at FROM trouble ORDER BY at DESC, platform, id LIMIT ?

-- Chats: what they show, which are lost, where they moved. A chat's topics are the addresses that begin with it and
-- '/': all from '<chat>/' up to '<chat>0', for 0 is the character after the stroke.

-- name: add_event
-- Changes no row when it is known already.
INSERT INTO event (platform, id, at) VALUES (?, ?, CAST(strftime('%s', 'now') AS INTEGER) * 1000)
ON CONFLICT DO NOTHING

-- name: shown
SELECT platform, address, session, revision, body, at
FROM shown WHERE platform = ? AND address = ? AND session = ?

-- name: shown_in
SELECT platform, address, session, revision, body, at
FROM shown WHERE platform = ? AND address = ? ORDER BY at DESC, session

-- name: keep_shown
INSERT INTO shown (platform, address, session, revision, body, at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6
WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM session WHERE id = ?3)
ON CONFLICT (platform, address, session)
DO UPDATE SET revision = excluded.revision, body = excluded.body, at = excluded.at
WHERE shown.revision <= excluded.revision

-- name: lose_chat
INSERT INTO lost_chat (platform, address, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING

-- name: lose_cards
DELETE FROM outbox
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: lose_dues
DELETE FROM agenda WHERE session IN (
    SELECT session FROM session_at
    WHERE address = ?1 || ':' || ?2 OR address >= ?1 || ':' || ?2 || '/' AND address < ?1 || ':' || ?2 || '0'
)

-- name: chat_lost
-- An address, and the chat it is a topic of.
SELECT min(at) FROM lost_chat WHERE platform = ? AND address IN (?, ?)

-- name: find_chat
DELETE FROM lost_chat WHERE platform = ? AND address IN (?, ?)

-- name: move_sessions_at
UPDATE session SET address = ?1 || ':' || ?3 || substr(address, length(?1 || ':' || ?2) + 1)
WHERE id IN (
    SELECT session FROM session_at
    WHERE address = ?1 || ':' || ?2 OR address >= ?1 || ':' || ?2 || '/' AND address < ?1 || ':' || ?2 || '0'
)

-- name: move_cards
UPDATE outbox SET address = ?3 || substr(address, length(?2) + 1)
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: move_rooms
-- A new version: whoever read the room before would write the old address back.
UPDATE room SET address = ?3 || substr(address, length(?2) + 1), version = version + 1
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: move_shown
-- What stands in the new chat already stays: it is newer.
UPDATE OR IGNORE shown SET address = ?3 || substr(address, length(?2) + 1)
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: forget_shown_at
DELETE FROM shown
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: move_lost
UPDATE OR REPLACE lost_chat SET address = ?3 || substr(address, length(?2) + 1)
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: forget_lost_at
DELETE FROM lost_chat
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

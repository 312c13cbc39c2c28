-- Chats: what they show, which are lost, where they moved. A chat's topics are the addresses that begin with it and
-- '/': all from '<chat>/' up to '<chat>0', for 0 is the character after the stroke.

-- name: shown
SELECT platform, address, session, revision, body, at
FROM shown WHERE address = $2 AND platform = $1 AND session = $3

-- name: shown_in
SELECT platform, address, session, revision, body, at
FROM shown WHERE address = $2 AND platform = $1 ORDER BY at DESC, session

-- name: keep_shown
-- Many at once, no place among them twice. A session is held, so that it cannot go meanwhile.
WITH there AS (
    SELECT id FROM session WHERE id = ANY ($3::bigint[]) ORDER BY id FOR KEY SHARE
)
INSERT INTO shown (platform, address, session, revision, body, at)
SELECT one.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[])
    AS one (platform, address, session, revision, body, at)
WHERE one.session = 0 OR one.session IN (SELECT id FROM there)
ORDER BY one.address, one.platform, one.session
ON CONFLICT (address, platform, session)
DO UPDATE SET revision = excluded.revision, body = excluded.body, at = excluded.at
WHERE shown.revision <= excluded.revision

-- name: lose_chat
INSERT INTO lost_chat (platform, address, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- name: lose_cards
DELETE FROM outbox
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- name: lose_dues
DELETE FROM agenda WHERE session IN (
    SELECT id FROM session
    WHERE address = $1 || ':' || $2 OR address >= $1 || ':' || $2 || '/' AND address < $1 || ':' || $2 || '0'
)

-- name: chat_lost
-- An address, and the chat it is a topic of.
SELECT min(at) FROM lost_chat WHERE platform = $1 AND address IN ($2, $3)

-- name: find_chat
DELETE FROM lost_chat WHERE platform = $1 AND address IN ($2, $3)

-- name: move_sessions_at
UPDATE session SET address = $1 || ':' || $3 || substr(address, length($1 || ':' || $2) + 1)
WHERE address = $1 || ':' || $2 OR address >= $1 || ':' || $2 || '/' AND address < $1 || ':' || $2 || '0'

-- name: move_cards
UPDATE outbox SET address = $3 || substr(address, length($2) + 1), lane = $4
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- name: move_rooms
-- A new version: whoever read the room before would write the old address back.
UPDATE room SET address = $3 || substr(address, length($2) + 1), version = version + 1
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- name: move_shown
-- What stands in the new chat already stays: it is newer.
INSERT INTO shown (platform, address, session, revision, body, at)
SELECT platform, $3 || substr(address, length($2) + 1), session, revision, body, at FROM shown
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')
ON CONFLICT DO NOTHING

-- name: forget_shown_at
DELETE FROM shown
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- name: move_lost
INSERT INTO lost_chat (platform, address, at)
SELECT platform, $3 || substr(address, length($2) + 1), at FROM lost_chat
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')
ON CONFLICT (address, platform) DO UPDATE SET at = excluded.at

-- name: forget_lost_at
DELETE FROM lost_chat
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

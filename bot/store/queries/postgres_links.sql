-- Viewers who are one: codes that join them, and what becomes of what two of them have.

-- name: hold_viewers
-- Held until the end: they cannot go, nor be joined elsewhere. In the order of their ids, for a merge holds two.
SELECT id FROM viewer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE

-- name: add_event
INSERT INTO event (home, platform, id, at)
VALUES ($1, $2, $3, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)

-- name: drop_old_codes
-- The one the viewer has, and all whose time is over.
DELETE FROM link_code WHERE viewer = $1 OR until <= $2

-- name: add_code
INSERT INTO link_code (code, viewer, until) VALUES ($1, $2, $3)

-- name: code
SELECT viewer FROM link_code WHERE code = $1 AND until > $2

-- name: drop_code
DELETE FROM link_code WHERE code = $1 AND viewer = $2 RETURNING true

-- name: linked
-- All identities of the viewer behind one.
SELECT platform, "user" FROM identity
WHERE viewer = (SELECT viewer FROM identity WHERE platform = $1 AND "user" = $2)
ORDER BY platform, "user"

-- name: given_up
-- Of these sessions those of either viewer, and those of the first in stories in which the second keeps one.
SELECT session FROM place WHERE viewer IN ($1, $2) AND session = ANY ($3::bigint[])
UNION
SELECT session FROM place
WHERE viewer = $1 AND story IN (SELECT story FROM place WHERE viewer = $2 AND session <> ALL ($3::bigint[]))

-- name: hold_sessions
-- Held until the end, so that no step comes in between.
SELECT id FROM session WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE

-- name: give_up_agenda
DELETE FROM agenda WHERE session = ANY ($1::bigint[])

-- name: give_up_outbox
DELETE FROM outbox WHERE home = ANY ($1::bigint[])

-- name: give_up_shown
DELETE FROM shown WHERE session = ANY ($1::bigint[])

-- name: give_up_votes
DELETE FROM vote WHERE session = ANY ($1::bigint[])

-- name: give_up_ballots
DELETE FROM ballot WHERE session = ANY ($1::bigint[])

-- name: give_up_codes
DELETE FROM room_code WHERE code IN (SELECT code FROM room WHERE session = ANY ($1::bigint[]))

-- name: give_up_rooms
DELETE FROM room WHERE session = ANY ($1::bigint[])

-- name: give_up_places
DELETE FROM place USING session
WHERE session.id = ANY ($1::bigint[]) AND place.viewer = session.viewer AND place.story = session.story

-- name: give_up_sessions
DELETE FROM session WHERE id = ANY ($1::bigint[])

-- name: merge_sessions
UPDATE session SET viewer = $2 WHERE id IN (SELECT session FROM place WHERE viewer = $1)

-- name: merge_places
UPDATE place SET viewer = $2 WHERE viewer = $1

-- name: merge_identities
UPDATE identity SET viewer = $2 WHERE viewer = $1

-- name: merge_purchases
UPDATE purchase SET viewer = $2 WHERE viewer = $1

-- name: merge_preferences
-- What both have set stays as the second has it.
INSERT INTO preference (viewer, name, value) SELECT $2, name, value FROM preference WHERE viewer = $1
ON CONFLICT DO NOTHING

-- name: stir_merged
-- A new version: whoever has read a shut ballot's votes to count them must read them again.
UPDATE room SET version = version + 1
WHERE NOT ended AND session IN (
    SELECT session FROM vote WHERE voter IN (SELECT platform || ':' || "user" FROM identity WHERE viewer = $1)
)

-- name: merge_open_votes
-- Of several votes of one viewer on a ballot that is not shut, all but the last, which stays under the id it was cast
-- with: the room may know its host by that. A body that begins so is shut, whether or not it takes votes just now.
WITH voters AS (
    SELECT platform || ':' || "user" AS voter FROM identity WHERE viewer = $1
)
DELETE FROM vote
WHERE voter IN (SELECT voter FROM voters)
AND EXISTS (
    SELECT FROM room WHERE room.session = vote.session AND room.revision = vote.revision AND NOT room.ended
    AND substr(room.body, 1, 1) NOT IN ('\x63', '\x6e', '\x73')
)
AND EXISTS (
    SELECT FROM vote AS later
    WHERE later.session = vote.session AND later.revision = vote.revision
    AND later.voter IN (SELECT voter FROM voters)
    AND (later.at, later.voter) > (vote.at, vote.voter)
)

-- name: merge_language
UPDATE viewer SET language = (SELECT language FROM viewer WHERE id = $1) WHERE id = $2 AND language IS NULL

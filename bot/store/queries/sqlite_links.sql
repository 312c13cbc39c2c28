-- Viewers who are one: codes that join them, and what becomes of what two of them have.

-- name: viewers_there
SELECT count(*) FROM viewer WHERE id IN (?, ?)

-- name: drop_old_codes
-- The one the viewer has, and all whose time is over.
DELETE FROM link_code WHERE viewer = ? OR until <= ?

-- name: add_code
INSERT INTO link_code (code, viewer, until) VALUES (?, ?, ?)

-- name: code
SELECT viewer FROM link_code WHERE code = ? AND until > ?

-- name: drop_code
DELETE FROM link_code WHERE code = ? AND viewer = ?

-- name: linked
-- All identities of the viewer behind one.
SELECT platform, user FROM identity
WHERE viewer = (SELECT viewer FROM identity WHERE platform = ? AND user = ?)
ORDER BY platform, user

-- name: collisions
-- Sessions of the first viewer in stories in which the second has one too.
SELECT id FROM session WHERE viewer = ?1 AND story IN (SELECT story FROM session WHERE viewer = ?2)

-- name: session_of_either
SELECT id FROM session WHERE id = ? AND viewer IN (?, ?)

-- name: give_up_agenda
DELETE FROM agenda WHERE session = ?

-- name: give_up_outbox
DELETE FROM outbox WHERE session = ?

-- name: give_up_shown
DELETE FROM shown WHERE session = ?

-- name: give_up_votes
DELETE FROM vote WHERE session = ?

-- name: give_up_ballots
DELETE FROM ballot WHERE session = ?

-- name: give_up_room
DELETE FROM room WHERE session = ?

-- name: give_up_session
DELETE FROM session WHERE id = ?

-- name: merge_sessions
UPDATE session SET viewer = ?2 WHERE viewer = ?1

-- name: merge_identities
UPDATE identity SET viewer = ?2 WHERE viewer = ?1

-- name: merge_purchases
UPDATE purchase SET viewer = ?2 WHERE viewer = ?1

-- name: merge_preferences
-- What both have set stays as the second has it.
UPDATE OR IGNORE preference SET viewer = ?2 WHERE viewer = ?1

-- name: stir_merged
-- A new version: whoever has read a shut ballot's votes to count them must read them again.
UPDATE room SET version = version + 1
WHERE NOT ended AND session IN (
    SELECT session FROM vote WHERE voter IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?2)
)

-- name: merge_open_votes
-- Of several votes of one viewer on a ballot that is not shut, all but the last, which stays under the id it was cast
-- with: the room may know its host by that. A body that begins so is shut, whether or not it takes votes just now.
DELETE FROM vote
WHERE voter IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?2)
AND EXISTS (
    SELECT 1 FROM room WHERE room.session = vote.session AND room.revision = vote.revision AND NOT room.ended
    AND substr(room.body, 1, 1) NOT IN (x'63', x'6e', x'73')
)
AND EXISTS (
    SELECT 1 FROM vote AS later
    WHERE later.session = vote.session AND later.revision = vote.revision
    AND later.voter IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?2)
    AND (later.at, later.voter) > (vote.at, vote.voter)
)

-- name: merge_language
UPDATE viewer SET language = (SELECT language FROM viewer WHERE id = ?1) WHERE id = ?2 AND language IS NULL

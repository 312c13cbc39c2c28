-- Viewers: who they are, what they set, all that is kept about them.

-- name: identities
SELECT platform, user FROM identity WHERE viewer = ? ORDER BY platform, user

-- name: link
INSERT INTO identity (platform, user, viewer) VALUES (?, ?, ?)
ON CONFLICT (platform, user) DO UPDATE SET viewer = excluded.viewer

-- name: preferences
SELECT name, value FROM preference WHERE viewer = ?

-- name: prefer
INSERT INTO preference (viewer, name, value) VALUES (?, ?, ?)
ON CONFLICT (viewer, name) DO UPDATE SET value = excluded.value

-- name: prefer_nothing
DELETE FROM preference WHERE viewer = ? AND name = ?

-- name: about_viewer
SELECT * FROM viewer WHERE id = ?1

-- name: about_identity
SELECT * FROM identity WHERE viewer = ?1

-- name: about_preference
SELECT * FROM preference WHERE viewer = ?1

-- name: about_session
SELECT * FROM session WHERE viewer = ?1

-- name: about_agenda
SELECT * FROM agenda WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: about_outbox
SELECT * FROM outbox WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: about_shown
SELECT * FROM shown WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: about_vote
SELECT * FROM vote WHERE voter IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?1)

-- name: about_ballot
SELECT * FROM ballot WHERE host IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?1)

-- name: about_plan
SELECT * FROM plan WHERE host IN (SELECT platform || ':' || user FROM identity WHERE viewer = ?1)

-- name: about_link_code
SELECT * FROM link_code WHERE viewer = ?1

-- name: about_purchase
SELECT * FROM purchase WHERE viewer = ?1

-- name: last_fact
SELECT max(id) FROM fact

-- name: facts_between
-- A slice of the facts: an index by session would cost every step.
SELECT * FROM fact WHERE id > ?2 AND id <= ?3 AND session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_agenda
DELETE FROM agenda WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_outbox
DELETE FROM outbox WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_shown
DELETE FROM shown WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: voters
SELECT platform || ':' || user FROM identity WHERE viewer = ?1

-- name: stir_rooms
-- A new version: whoever has read a shut ballot's votes to count them must read them again.
UPDATE room SET version = version + 1
WHERE NOT ended AND session IN (SELECT session FROM vote WHERE voter = ?1)

-- name: forget_open_votes
-- A voter's on ballots that are not shut: who is forgotten and comes back must not have two. A body that begins so is
-- shut, whether or not it takes votes just now.
DELETE FROM vote WHERE voter = ?1 AND EXISTS (
    SELECT 1 FROM room WHERE room.session = vote.session AND room.revision = vote.revision AND NOT room.ended
    AND substr(room.body, 1, 1) NOT IN (x'63', x'6e', x'73')
)

-- name: lose_voter
UPDATE vote SET voter = ?2 WHERE voter = ?1

-- name: lose_host
UPDATE ballot SET host = ?2 WHERE host = ?1

-- name: forget_plans
DELETE FROM plan WHERE host = ?1

-- name: forget_votes
-- Of a viewer who is a room: those cast in it.
DELETE FROM vote WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_ballots
DELETE FROM ballot WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_code
DELETE FROM link_code WHERE viewer = ?1

-- name: forget_room
DELETE FROM room WHERE session IN (SELECT id FROM session WHERE viewer = ?1)

-- name: forget_purchases
UPDATE purchase SET viewer = NULL, user = '' WHERE viewer = ?1

-- name: forget_preferences
DELETE FROM preference WHERE viewer = ?1

-- name: forget_sessions
DELETE FROM session WHERE viewer = ?1

-- name: forget_identities
DELETE FROM identity WHERE viewer = ?1

-- name: forget_viewer
DELETE FROM viewer WHERE id = ?1

-- Viewers: who they are, what they set, all that is kept about them.

-- name: hold_viewer
-- Held until the end, so that they cannot go meanwhile.
SELECT id FROM viewer WHERE id = $1 FOR KEY SHARE

-- name: identities
SELECT platform, "user" FROM identity WHERE viewer = $1 ORDER BY platform, "user"

-- name: link
INSERT INTO identity (platform, "user", viewer) VALUES ($1, $2, $3)
ON CONFLICT ("user", platform) DO UPDATE SET viewer = excluded.viewer

-- name: preferences
SELECT name, value FROM preference WHERE viewer = $1

-- name: prefer
INSERT INTO preference (viewer, name, value) VALUES ($1, $2, $3)
ON CONFLICT (viewer, name) DO UPDATE SET value = excluded.value

-- name: prefer_nothing
DELETE FROM preference WHERE viewer = $1 AND name = $2

-- name: about_viewer
SELECT * FROM viewer WHERE id = $1

-- name: about_identity
SELECT * FROM identity WHERE viewer = $1

-- name: about_preference
SELECT * FROM preference WHERE viewer = $1

-- name: about_session
SELECT * FROM session WHERE id IN (SELECT session FROM place WHERE viewer = $1)

-- name: about_agenda
SELECT * FROM agenda WHERE session IN (SELECT session FROM place WHERE viewer = $1)

-- name: about_outbox
SELECT * FROM outbox WHERE home IN (SELECT session FROM place WHERE viewer = $1)

-- name: about_shown
SELECT * FROM shown WHERE session IN (SELECT session FROM place WHERE viewer = $1)

-- name: about_vote
SELECT * FROM vote WHERE voter IN (SELECT platform || ':' || "user" FROM identity WHERE viewer = $1)

-- name: about_ballot
SELECT * FROM ballot WHERE host IN (SELECT platform || ':' || "user" FROM identity WHERE viewer = $1)

-- name: about_plan
SELECT * FROM plan WHERE host IN (SELECT platform || ':' || "user" FROM identity WHERE viewer = $1)

-- name: about_link_code
SELECT * FROM link_code WHERE viewer = $1

-- name: about_purchase
SELECT * FROM purchase WHERE viewer = $1

-- name: about_fact
SELECT * FROM fact WHERE session IN (SELECT session FROM place WHERE viewer = $1) ORDER BY session, revision, number

-- name: sessions_to_forget
SELECT session FROM place WHERE viewer = $1

-- name: voters
SELECT platform || ':' || "user" FROM identity WHERE viewer = $1

-- name: stir_rooms
-- A new version: whoever has read a shut ballot's votes to count them must read them again.
UPDATE room SET version = version + 1
WHERE NOT ended AND session IN (SELECT session FROM vote WHERE voter = $1)

-- name: forget_open_votes
-- A voter's on ballots that are not shut: who is forgotten and comes back must not have two. A body that begins so is
-- shut, whether or not it takes votes just now.
DELETE FROM vote WHERE voter = $1 AND EXISTS (
    SELECT FROM room WHERE room.session = vote.session AND room.revision = vote.revision AND NOT room.ended
    AND substr(room.body, 1, 1) NOT IN ('\x63', '\x6e', '\x73')
)

-- name: lose_voter
UPDATE vote SET voter = $2 WHERE voter = $1

-- name: lose_host
UPDATE ballot SET host = $2 WHERE host = $1

-- name: forget_plans
DELETE FROM plan WHERE host = $1

-- name: forget_code
DELETE FROM link_code WHERE viewer = $1

-- name: forget_purchases
UPDATE purchase SET viewer = NULL, "user" = '' WHERE viewer = $1

-- name: forget_preferences
DELETE FROM preference WHERE viewer = $1

-- name: forget_identities
DELETE FROM identity WHERE viewer = $1

-- name: forget_viewer
DELETE FROM viewer WHERE id = $1

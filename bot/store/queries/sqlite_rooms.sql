-- Watch-alongs and their votes.

-- name: room
SELECT session, code, platform, address, revision, open, body, version, ended FROM room WHERE session = ?

-- name: room_by_code
SELECT session, code, platform, address, revision, open, body, version, ended FROM room WHERE code = ?

-- name: room_at
SELECT session, code, platform, address, revision, open, body, version, ended
FROM room WHERE platform = ? AND address = ? AND ended = 0 ORDER BY id DESC LIMIT 1

-- name: rooms_in
-- Those in a chat and in its topics.
SELECT session FROM room
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0') AND ended = 0 ORDER BY id

-- name: look_rooms
-- One JSON array of [number asked, the room's version, the session of the room that has its code].
WITH asked (number, session, code) AS (
    VALUES (?, ?, ?)
)
SELECT json_group_array(json_array(asked.number, room.version, other.session))
FROM asked
LEFT JOIN room ON room.session = asked.session
LEFT JOIN room AS other ON other.code = asked.code

-- name: put_rooms
INSERT INTO room (session, code, platform, address, revision, open, body, version, ended)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (session) DO UPDATE SET
    code = excluded.code, platform = excluded.platform, address = excluded.address, revision = excluded.revision,
    open = excluded.open, body = excluded.body, version = excluded.version, ended = excluded.ended

-- name: room_version
SELECT version FROM room WHERE session = ?

-- name: clear_dues
DELETE FROM agenda WHERE session = ?

-- name: look_casts
-- One JSON array of [number asked, whether the event is known, whether the ballot is open for it].
WITH asked (number, platform, event, session, revision) AS (
    VALUES (?, ?, ?, ?, ?)
)
SELECT json_group_array(json_array(asked.number, event.id IS NOT NULL, room.id IS NOT NULL))
FROM asked
LEFT JOIN event ON event.platform = asked.platform AND event.id = asked.event
LEFT JOIN room ON room.session = asked.session AND room.revision = asked.revision AND room.open = 1

-- name: add_votes
INSERT INTO vote (session, revision, voter, ranking, weight, at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (session, revision, voter)
DO UPDATE SET ranking = excluded.ranking, weight = excluded.weight, at = excluded.at

-- name: add_ballots
INSERT INTO ballot (session, revision, host, body, winner, at)
VALUES (?, ?, ?, ?, ?, ?)

-- name: ballots
SELECT session, revision, host, body, winner, at FROM ballot WHERE session = ? ORDER BY revision

-- name: votes_in
SELECT session, revision, voter, ranking, weight, at
FROM vote WHERE session = ? ORDER BY revision, voter

-- name: vote_of
SELECT session, revision, voter, ranking, weight, at FROM vote WHERE session = ? AND revision = ? AND voter = ?

-- name: votes
SELECT session, revision, voter, ranking, weight, at
FROM vote WHERE session = ? AND revision = ? ORDER BY voter

-- name: tally
SELECT substr(ranking, 1, instr(ranking || ' ', ' ') - 1) AS dearest, sum(weight)
FROM vote WHERE session = ? AND revision = ? AND ranking <> '' GROUP BY dearest

-- Watch-alongs and their votes.

-- name: room
SELECT session, code, platform, address, revision, open, body, version, ended FROM room WHERE session = $1

-- name: room_by_code
SELECT session, code, platform, address, revision, open, body, version, ended
FROM room WHERE session = (SELECT session FROM room_code WHERE code = $1)

-- name: room_at
SELECT session, code, platform, address, revision, open, body, version, ended
FROM room WHERE address = $2 AND platform = $1 AND NOT ended ORDER BY number DESC LIMIT 1

-- name: rooms_in
-- Those in a chat and in its topics.
SELECT session FROM room
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0') AND NOT ended ORDER BY number

-- name: keep_room
SELECT keep_room($1::event_key, $2::room_row, $3::card_row[], $4::boolean, $5::due_row[])

-- name: ballots
SELECT session, revision, host, body, winner, at FROM ballot WHERE session = $1 ORDER BY revision

-- name: votes_in
SELECT session, revision, voter, ranking, weight, at
FROM vote WHERE session = $1 ORDER BY revision, voter

-- name: vote_of
SELECT session, revision, voter, ranking, weight, at FROM vote WHERE session = $1 AND revision = $2 AND voter = $3

-- name: votes
SELECT session, revision, voter, ranking, weight, at
FROM vote WHERE session = $1 AND revision = $2 ORDER BY voter

-- name: tally
SELECT split_part(ranking, ' ', 1) AS dearest, sum(weight)::bigint
FROM vote WHERE session = $1 AND revision = $2 AND ranking <> '' GROUP BY dearest

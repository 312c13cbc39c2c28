-- What goes after some time, a piece of a table in one statement: the key of the piece's last row, how many rows it has,
-- and how many of them went.

-- name: trim_events
-- Those without a time were written by an older release: their time begins now.
WITH piece AS (
    SELECT home, platform, id, at FROM event WHERE (home, platform, id) > ($1, $2, $3)
    ORDER BY home, platform, id LIMIT $4
), dated AS (
    UPDATE event SET at = $6 FROM piece
    WHERE event.home = piece.home AND event.platform = piece.platform AND event.id = piece.id AND piece.at = 0
), gone AS (
    DELETE FROM event USING piece
    WHERE event.home = piece.home AND event.platform = piece.platform AND event.id = piece.id
    AND piece.at > 0 AND piece.at < $5
    RETURNING 1
)
SELECT home, platform, id, (SELECT count(*) FROM piece), (SELECT count(*) FROM gone)
FROM piece ORDER BY home DESC, platform DESC, id DESC LIMIT 1

-- name: trim_facts
WITH piece AS (
    SELECT session, revision, number FROM fact WHERE (session, revision, number) > ($1, $2, $3)
    ORDER BY session, revision, number LIMIT $4
), gone AS (
    DELETE FROM fact USING piece
    WHERE fact.session = piece.session AND fact.revision = piece.revision AND fact.number = piece.number
    AND fact.at < $5
    RETURNING story, at / 86400000 AS day, coalesce(version, '') AS version, kind, scene,
        coalesce(choice, '') AS choice, took
), counted AS (
    INSERT INTO fact_day (story, day, version, kind, scene, choice, times, timed, took)
    SELECT story, day, version, kind, scene, choice, count(*), count(took), coalesce(sum(took), 0)
    FROM gone GROUP BY story, day, version, kind, scene, choice
    ORDER BY story, day, version, kind, scene, choice
    ON CONFLICT (story, day, version, kind, scene, choice) DO UPDATE SET
        times = fact_day.times + excluded.times, timed = fact_day.timed + excluded.timed,
        took = fact_day.took + excluded.took
)
SELECT session, revision, number, (SELECT count(*) FROM piece), (SELECT count(*) FROM gone)
FROM piece ORDER BY session DESC, revision DESC, number DESC LIMIT 1

-- name: trim_troubles
WITH piece AS (
    SELECT platform, id FROM trouble WHERE (platform, id) > ($1, $2) ORDER BY platform, id LIMIT $3
), gone AS (
    DELETE FROM trouble USING piece
    WHERE trouble.platform = piece.platform AND trouble.id = piece.id AND trouble.at < $4
    RETURNING 1
)
SELECT platform, id, (SELECT count(*) FROM piece), (SELECT count(*) FROM gone)
FROM piece ORDER BY platform DESC, id DESC LIMIT 1

-- name: trim_cards
WITH piece AS (
    SELECT home, id, platform FROM outbox WHERE id > $1 ORDER BY id LIMIT $2
), missed AS (
    INSERT INTO served (platform, at) SELECT DISTINCT platform, $4::bigint FROM piece ON CONFLICT DO NOTHING
), gone AS (
    DELETE FROM outbox USING piece
    WHERE outbox.home = piece.home AND outbox.id = piece.id
    AND (SELECT at FROM served WHERE served.platform = piece.platform) < $3
    RETURNING 1
)
SELECT id, (SELECT count(*) FROM piece), (SELECT count(*) FROM gone) FROM piece ORDER BY id DESC LIMIT 1

-- name: serve
INSERT INTO served (platform, at) SELECT one, $2 FROM unnest($1::text[]) AS one
ON CONFLICT (platform) DO UPDATE SET at = excluded.at

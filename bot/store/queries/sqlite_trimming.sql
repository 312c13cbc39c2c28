-- What goes after some time. Each piece is looked at by the reading connection; only what goes is written.

-- name: events_behind
SELECT platform, id, at FROM event WHERE (platform, id) > (?, ?) ORDER BY platform, id LIMIT ?

-- name: drop_events
DELETE FROM event WHERE (platform, id) > (?1, ?2) AND (platform, id) <= (?3, ?4) AND at > 0 AND at < ?5

-- name: date_events
-- Of an older release: their time begins now.
UPDATE event SET at = ?5 WHERE (platform, id) > (?1, ?2) AND (platform, id) <= (?3, ?4) AND at = 0

-- name: facts_behind
-- How far the piece reaches, and when its earliest fact was.
SELECT max(id), min(at), count(*) FROM (SELECT id, at FROM fact WHERE id > ? ORDER BY id LIMIT ?)

-- name: count_facts
INSERT INTO fact_day (story, day, version, kind, scene, choice, times, timed, took)
SELECT story, at / 86400000, coalesce(version, ''), kind, scene, coalesce(choice, ''), count(*), count(took),
    coalesce(sum(took), 0)
FROM fact WHERE id > ?1 AND id <= ?2 AND at < ?3
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (story, day, version, kind, scene, choice) DO UPDATE SET
    times = times + excluded.times, timed = timed + excluded.timed, took = took + excluded.took

-- name: drop_facts
DELETE FROM fact WHERE id > ?1 AND id <= ?2 AND at < ?3

-- name: troubles_behind
SELECT platform, id, at FROM trouble WHERE (platform, id) > (?, ?) ORDER BY platform, id LIMIT ?

-- name: drop_troubles
DELETE FROM trouble WHERE (platform, id) > (?1, ?2) AND (platform, id) <= (?3, ?4) AND at < ?5

-- name: cards_behind
-- How far the piece reaches, and how many of its cards are of platforms that were not served since then.
SELECT max(id), count(*), count(*) FILTER (
    WHERE NOT EXISTS (SELECT 1 FROM served WHERE served.platform = piece.platform AND served.at >= ?1)
)
FROM (SELECT id, platform FROM outbox WHERE id > ?2 ORDER BY id LIMIT ?3) AS piece

-- name: miss_platforms
INSERT INTO served (platform, at) SELECT platform, ?3 FROM outbox WHERE id > ?1 AND id <= ?2
ON CONFLICT DO NOTHING

-- name: drop_unserved
DELETE FROM outbox WHERE id > ?1 AND id <= ?2 AND (SELECT at FROM served WHERE served.platform = outbox.platform) < ?3

-- name: serve
INSERT INTO served (platform, at) VALUES (?, ?)
ON CONFLICT (platform) DO UPDATE SET at = excluded.at

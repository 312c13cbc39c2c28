-- The statements of the store on PostgreSQL. Each block's name is a field of `bot.store.postgres_queries`.

-- name: find_viewer
SELECT viewer.id, viewer.language
FROM identity JOIN viewer ON viewer.id = identity.viewer
WHERE identity.platform = $1 AND identity."user" = $2

-- name: meet
-- Somebody else may meet them at the same time: then nothing is written, and who looks again finds them.
WITH met AS (
    INSERT INTO identity (platform, "user", viewer) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING viewer
)
INSERT INTO viewer (id) SELECT viewer FROM met

-- name: set_language
UPDATE viewer SET language = $1 WHERE id = $2

-- name: sessions
-- Each with the number it was asked under; where an owner is asked for too, only if it is theirs.
SELECT asked.number, session.id, viewer, story, version, seed, revision, state, address, updated
FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (session, platform, owner, number)
JOIN session ON session.id = asked.session
WHERE asked.platform IS NULL OR session.viewer = (
    SELECT identity.viewer FROM identity WHERE identity.platform = asked.platform AND identity."user" = asked.owner
)

-- name: session_in
SELECT id, viewer, story, version, seed, revision, state, address, updated
FROM session WHERE id = (SELECT session FROM place WHERE viewer = $1 AND story = $2)

-- name: sessions_of
SELECT id, viewer, story, version, seed, revision, state, address, updated
FROM session WHERE id IN (SELECT session FROM place WHERE viewer = $1) ORDER BY updated DESC, id DESC

-- name: write_group
SELECT write_group(
    $1::step_job[], $2::post_job[], $3::cast_job[], $4::card_row[], $5::due_row[], $6::fact_row[], $7::room_row[],
    $8::ballot_row[]
)

-- name: seen
SELECT true FROM event WHERE platform = $1 AND id = $2

-- name: drop_due
DELETE FROM agenda WHERE session = $1 AND revision = $2 AND kind = $3

-- name: due
SELECT at, kind, session, revision, payload
FROM agenda WHERE at <= $1 ORDER BY at, session, revision, kind LIMIT $2

-- name: claim_due
-- Those that nobody is at, or whose worker is late; what another worker is looking at just now is left to it. How long
-- that is goes by the server's clock: one whose own is hours ahead, and that dies, would else keep its rows for hours.
-- Materialized: joined directly, the rows could be looked for again for each that is updated, and more than $3 be taken.
WITH free AS MATERIALIZED (
    SELECT session, revision, kind, now_ms
    FROM agenda, (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms) AS clock
    WHERE at <= $2 AND (lease IS NULL OR lease <= now_ms OR worker = $1)
    ORDER BY at, session, revision, kind LIMIT $3 FOR UPDATE OF agenda SKIP LOCKED
)
UPDATE agenda SET worker = $1, lease = now_ms + $4 FROM free
WHERE agenda.session = free.session AND agenda.revision = free.revision AND agenda.kind = free.kind
RETURNING agenda.at, agenda.kind, agenda.session, agenda.revision, agenda.payload

-- name: next_due
-- What a worker is at falls due again with its lease, and is seen then.
SELECT at FROM agenda WHERE lease IS NULL OR worker = $1 ORDER BY at LIMIT 1

-- name: hold
SELECT clock, held_name, held_by FROM hold_leases($1, $2::text[], $3::text[], $4)

-- name: pending
SELECT platform, address, session, revision, body, id, attempts
FROM outbox WHERE platform = $1 AND id > $2 AND ($4::integer[] IS NULL OR lane = ANY ($4)) ORDER BY id LIMIT $3

-- name: delivered
DELETE FROM outbox WHERE id = ANY ($1::bigint[])

-- name: attempted
UPDATE outbox SET attempts = attempts + 1, error = $1 WHERE id = $2

-- name: choice_counts
SELECT choice, sum(times)::bigint FROM choice_count WHERE story = $1 AND scene = $2 AND choice <> '' GROUP BY choice

-- name: ending_counts
SELECT scene, sum(times)::bigint FROM choice_count WHERE story = $1 AND choice = '' GROUP BY scene

-- name: keep_version
INSERT INTO story_version (story, version, sources, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- name: version
SELECT sources FROM story_version WHERE story = $1 AND version = $2

-- name: clip_file
SELECT file_id FROM clip_file WHERE bot = $1 AND clip = $2

-- name: keep_clip_file
INSERT INTO clip_file (bot, clip, file_id) VALUES ($1, $2, $3)
ON CONFLICT (bot, clip) DO UPDATE SET file_id = excluded.file_id

-- name: set_aside
INSERT INTO trouble (platform, id, error, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (platform, id) DO UPDATE SET error = excluded.error, at = excluded.at

-- name: troubles
SELECT platform, id, error, at FROM trouble ORDER BY at DESC, platform, id LIMIT $1

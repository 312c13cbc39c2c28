-- What creators do: drafts, roles, invitations, publications, test plays.

-- name: hold_stories
-- Nobody else changes who owns these stories, nor their drafts, before the end. In the order in which they are named.
SELECT pg_advisory_xact_lock(lock) FROM unnest($1::bigint[]) AS lock

-- name: draft
SELECT story, upload, viewer, at, sources, clips FROM draft WHERE story = $1 AND upload = $2

-- name: last_draft
SELECT story, upload, viewer, at, sources, clips FROM draft WHERE story = $1 ORDER BY upload DESC LIMIT 1

-- name: last_upload
SELECT coalesce(max(upload), 0) FROM draft WHERE story = $1

-- name: add_draft
INSERT INTO draft (story, upload, viewer, at, sources, clips) VALUES ($1, $2, $3, $4, $5, $6)

-- name: drop_old_drafts
DELETE FROM draft WHERE story = $1 AND upload <= $2

-- name: role_in
SELECT role FROM role WHERE story = $1 AND viewer = $2

-- name: roles_in
SELECT story, viewer, role, at FROM role WHERE story = $1 ORDER BY at, viewer

-- name: roles_of
SELECT story, viewer, role, at FROM role WHERE viewer = $1 ORDER BY at DESC, story

-- name: give_role
INSERT INTO role (story, viewer, role, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (story, viewer) DO UPDATE SET role = excluded.role

-- name: take_role
DELETE FROM role WHERE story = $1 AND viewer = $2 RETURNING true

-- name: owners_in
SELECT count(*) FROM role WHERE story = $1 AND role = 'owner'

-- name: add_invite
INSERT INTO invite (code, story, role, viewer, until) VALUES ($1, $2, $3, $4, $5)

-- name: drop_old_invites
DELETE FROM invite WHERE story = $1 AND until <= $2

-- name: invite
SELECT story, role, viewer, until FROM invite WHERE code = $1

-- name: drop_invite
DELETE FROM invite WHERE code = $1 RETURNING true

-- name: add_deed
SELECT add_deed($1::deed_row)

-- name: audit
SELECT story, at, viewer, deed, detail FROM audit WHERE story = $1 ORDER BY id DESC LIMIT $2

-- name: publications
SELECT story, number, version, state, viewer, at, clips FROM publication WHERE story = $1 ORDER BY number DESC LIMIT $2

-- name: published
-- Of every story the last one.
SELECT DISTINCT ON (story) story, number, version, state, viewer, at, clips
FROM publication ORDER BY story, number DESC

-- name: add_publication
-- Somebody else may publish at the same time: then nothing is written.
INSERT INTO publication (story, number, version, state, viewer, at, clips)
SELECT $1::words, $2::bigint, $3, $4, $5, $6, $7
WHERE $2::bigint = (SELECT coalesce(max(number), 0) + 1 FROM publication WHERE story = $1::words)
ON CONFLICT DO NOTHING RETURNING true

-- name: sessions_in
SELECT id, viewer, story, version, seed, revision, state, address, updated FROM session
WHERE story = $1 AND id > $2 AND NOT EXISTS (SELECT FROM room WHERE room.session = session.id) ORDER BY id LIMIT $3

-- name: hold_sessions_in
-- Held until the end, so that no step comes in between. In the order of their ids, as groups of steps hold theirs.
SELECT count(*) FROM (
    SELECT FROM session
    WHERE story = $1 AND NOT EXISTS (SELECT FROM room WHERE room.session = session.id)
    ORDER BY id FOR UPDATE OF session
) AS held

-- name: land_sessions
UPDATE session SET version = one.version, revision = one.revision, state = one.state
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bytea[])
    AS one (id, known_version, known_revision, version, revision, state)
WHERE session.id = one.id AND session.version = one.known_version AND session.revision = one.known_revision
RETURNING session.id

-- name: sessions_elsewhere
-- Held too: some may have begun since the others were. Their ids alone, in one go: looked for piece by piece they could be
-- sorted anew for each, as nobody can tell beforehand how few they are.
SELECT id FROM session
WHERE story = $1 AND version <> $2 AND NOT EXISTS (SELECT FROM room WHERE room.session = session.id)
ORDER BY id FOR UPDATE OF session

-- name: add_cards
SELECT add_cards($1::card_row[])

-- name: clips_named
SELECT clips FROM draft UNION SELECT clips FROM publication

-- name: rehearsal
SELECT viewer, story, upload, revision, body, at FROM rehearsal WHERE viewer = $1

-- name: begin_rehearsal
INSERT INTO rehearsal (viewer, story, upload, revision, body, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (viewer) DO UPDATE SET
    story = excluded.story, upload = excluded.upload, revision = excluded.revision, body = excluded.body,
    at = excluded.at

-- name: keep_rehearsal
UPDATE rehearsal SET upload = $3, revision = $4, body = $5, at = $6
WHERE viewer = $1 AND story = $2 AND revision = $7 RETURNING true

-- name: drop_drafts
DELETE FROM draft WHERE story = ANY ($1::text[]) RETURNING true

-- name: drop_roles
DELETE FROM role WHERE story = ANY ($1::text[])

-- name: drop_invites
DELETE FROM invite WHERE story = ANY ($1::text[])

-- name: drop_rehearsals
DELETE FROM rehearsal WHERE story = ANY ($1::text[])

-- name: creator_stories
-- Those to be held while a viewer goes, or becomes another.
SELECT story FROM role WHERE viewer = $1
UNION SELECT story FROM draft WHERE viewer = $1
UNION SELECT story FROM invite WHERE viewer = $1

-- name: orphans
-- Of these stories those that only this viewer owns.
SELECT story FROM role AS mine WHERE viewer = $1 AND story = ANY ($2::text[]) AND role = 'owner' AND NOT EXISTS (
    SELECT FROM role WHERE role.story = mine.story AND role.role = 'owner' AND role.viewer <> $1
)

-- name: about_draft
SELECT * FROM draft WHERE viewer = $1

-- name: about_role
SELECT * FROM role WHERE viewer = $1

-- name: about_invite
SELECT story, role, viewer, until FROM invite WHERE viewer = $1

-- name: about_audit
SELECT * FROM audit WHERE viewer = $1

-- name: about_publication
SELECT * FROM publication WHERE viewer = $1

-- name: about_rehearsal
SELECT * FROM rehearsal WHERE viewer = $1

-- name: forget_roles
-- In stories that are held: in no other may its last owner go.
DELETE FROM role WHERE viewer = $1 AND story = ANY ($2::text[])

-- name: forget_invites
DELETE FROM invite WHERE viewer = $1

-- name: forget_rehearsal
DELETE FROM rehearsal WHERE viewer = $1

-- name: forget_drafts
-- Of stories that others go on with, who sent them is forgotten.
UPDATE draft SET viewer = 0 WHERE viewer = $1

-- name: forget_audit
UPDATE audit SET viewer = 0 WHERE viewer = $1

-- name: forget_publications
UPDATE publication SET viewer = 0 WHERE viewer = $1

-- name: merge_roles
-- In stories that are held. Where both have one, the greater stays: each stands behind those that may do less.
INSERT INTO role (story, viewer, role, at)
SELECT story, $2, role, at FROM role WHERE viewer = $1 AND story = ANY ($3::text[])
ON CONFLICT (story, viewer) DO UPDATE SET role = excluded.role
WHERE strpos('tester translator writer owner', excluded.role) > strpos('tester translator writer owner', role.role)

-- name: merge_drafts
UPDATE draft SET viewer = $2 WHERE viewer = $1

-- name: merge_invites
UPDATE invite SET viewer = $2 WHERE viewer = $1

-- name: merge_audit
UPDATE audit SET viewer = $2 WHERE viewer = $1

-- name: merge_publications
UPDATE publication SET viewer = $2 WHERE viewer = $1

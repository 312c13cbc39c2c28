-- What creators do: drafts, roles, invitations, publications, test plays.

-- name: draft
SELECT story, upload, viewer, at, sources, clips FROM draft WHERE story = ?1 AND upload = ?2

-- name: last_draft
SELECT story, upload, viewer, at, sources, clips FROM draft WHERE story = ?1 ORDER BY upload DESC LIMIT 1

-- name: last_upload
SELECT coalesce(max(upload), 0) FROM draft WHERE story = ?1

-- name: add_draft
INSERT INTO draft (story, upload, viewer, at, sources, clips) VALUES (?, ?, ?, ?, ?, ?)

-- name: drop_old_drafts
DELETE FROM draft WHERE story = ?1 AND upload <= ?2

-- name: role_in
SELECT role FROM role WHERE story = ?1 AND viewer = ?2

-- name: roles_in
SELECT story, viewer, role, at FROM role WHERE story = ?1 ORDER BY at, viewer

-- name: roles_of
SELECT story, viewer, role, at FROM role WHERE viewer = ?1 ORDER BY at DESC, story

-- name: give_role
INSERT INTO role (story, viewer, role, at) VALUES (?, ?, ?, ?)
ON CONFLICT (story, viewer) DO UPDATE SET role = excluded.role

-- name: take_role
DELETE FROM role WHERE story = ?1 AND viewer = ?2

-- name: owners_in
SELECT count(*) FROM role WHERE story = ?1 AND role = 'owner'

-- name: add_invite
INSERT INTO invite (code, story, role, viewer, until) VALUES (?, ?, ?, ?, ?)

-- name: drop_old_invites
DELETE FROM invite WHERE story = ?1 AND until <= ?2

-- name: invite
SELECT story, role, viewer, until FROM invite WHERE code = ?1

-- name: drop_invite
DELETE FROM invite WHERE code = ?1

-- name: add_audit
INSERT INTO audit (story, at, viewer, deed, detail) VALUES (?, ?, ?, ?, ?)

-- name: audit
SELECT story, at, viewer, deed, detail FROM audit WHERE story = ?1 ORDER BY id DESC LIMIT ?2

-- name: last_publication
SELECT story, number, version, state, viewer, at, clips FROM publication WHERE story = ?1 ORDER BY number DESC LIMIT 1

-- name: publications
SELECT story, number, version, state, viewer, at, clips FROM publication WHERE story = ?1 ORDER BY number DESC LIMIT ?2

-- name: published
-- Of every story the last one.
SELECT story, number, version, state, viewer, at, clips FROM publication AS one
WHERE number = (SELECT max(number) FROM publication WHERE publication.story = one.story) ORDER BY story

-- name: add_publication
INSERT INTO publication (story, number, version, state, viewer, at, clips) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: sessions_in
SELECT id, viewer, story, version, seed, revision, state, address, updated FROM session
WHERE story = ?1 AND id > ?2 AND NOT EXISTS (SELECT 1 FROM room WHERE room.session = session.id) ORDER BY id LIMIT ?3

-- name: land_session
UPDATE session SET version = ?4, revision = ?5, state = ?6 WHERE id = ?1 AND version = ?2 AND revision = ?3

-- name: sessions_elsewhere
SELECT id, viewer, story, version, seed, revision, state, address, updated FROM session
WHERE story = ?1 AND version <> ?2 AND NOT EXISTS (SELECT 1 FROM room WHERE room.session = session.id)

-- name: rehearsal
SELECT viewer, story, upload, revision, body, at FROM rehearsal WHERE viewer = ?1

-- name: begin_rehearsal
INSERT INTO rehearsal (viewer, story, upload, revision, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (viewer) DO UPDATE SET
    story = excluded.story, upload = excluded.upload, revision = excluded.revision, body = excluded.body,
    at = excluded.at

-- name: keep_rehearsal
UPDATE rehearsal SET upload = ?3, revision = ?4, body = ?5, at = ?6 WHERE viewer = ?1 AND story = ?2 AND revision = ?7

-- name: clips_named
SELECT clips FROM draft UNION SELECT clips FROM publication

-- name: drop_drafts
DELETE FROM draft WHERE story = ?1

-- name: drop_roles
DELETE FROM role WHERE story = ?1

-- name: drop_invites
DELETE FROM invite WHERE story = ?1

-- name: drop_rehearsals
DELETE FROM rehearsal WHERE story = ?1

-- name: orphans
-- Stories that only this viewer owns.
SELECT story FROM role AS mine WHERE viewer = ?1 AND role = 'owner' AND NOT EXISTS (
    SELECT 1 FROM role WHERE role.story = mine.story AND role.role = 'owner' AND role.viewer <> ?1
)

-- name: about_draft
SELECT * FROM draft WHERE viewer = ?1

-- name: about_role
SELECT * FROM role WHERE viewer = ?1

-- name: about_invite
SELECT story, role, viewer, until FROM invite WHERE viewer = ?1

-- name: about_audit
SELECT * FROM audit WHERE viewer = ?1

-- name: about_publication
SELECT * FROM publication WHERE viewer = ?1

-- name: about_rehearsal
SELECT * FROM rehearsal WHERE viewer = ?1

-- name: forget_roles
DELETE FROM role WHERE viewer = ?1

-- name: forget_invites
DELETE FROM invite WHERE viewer = ?1

-- name: forget_rehearsal
DELETE FROM rehearsal WHERE viewer = ?1

-- name: forget_drafts
-- Of stories that others go on with, who sent them is forgotten.
UPDATE draft SET viewer = 0 WHERE viewer = ?1

-- name: forget_audit
UPDATE audit SET viewer = 0 WHERE viewer = ?1

-- name: forget_publications
UPDATE publication SET viewer = 0 WHERE viewer = ?1

-- name: merge_roles
-- Where both have one, the greater stays: each stands behind those that may do less.
INSERT INTO role (story, viewer, role, at) SELECT story, ?2, role, at FROM role WHERE viewer = ?1
ON CONFLICT (story, viewer) DO UPDATE SET role = excluded.role
WHERE instr('tester translator writer owner', excluded.role) > instr('tester translator writer owner', role)

-- name: merge_drafts
UPDATE draft SET viewer = ?2 WHERE viewer = ?1

-- name: merge_invites
UPDATE invite SET viewer = ?2 WHERE viewer = ?1

-- name: merge_audit
UPDATE audit SET viewer = ?2 WHERE viewer = ?1

-- name: merge_publications
UPDATE publication SET viewer = ?2 WHERE viewer = ?1

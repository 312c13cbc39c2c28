-- Watch-alongs to begin later.

-- name: add_plan
INSERT INTO plan (id, platform, address, host, at, body) VALUES (?, ?, ?, ?, ?, ?)

-- name: plans_due
SELECT id, platform, address, host, at, body FROM plan WHERE at <= ? ORDER BY at, id LIMIT ?

-- name: next_plan
SELECT min(at) FROM plan

-- name: plan
SELECT id, platform, address, host, at, body FROM plan WHERE id = ?

-- name: plans_at
SELECT id, platform, address, host, at, body FROM plan WHERE platform = ? AND address = ? ORDER BY at, id

-- name: drop_plan
DELETE FROM plan WHERE id = ?

-- name: lose_plans
DELETE FROM plan
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

-- name: move_plans
UPDATE plan SET address = ?3 || substr(address, length(?2) + 1)
WHERE platform = ?1 AND (address = ?2 OR address >= ?2 || '/' AND address < ?2 || '0')

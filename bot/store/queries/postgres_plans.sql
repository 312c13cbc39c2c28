-- Watch-alongs to begin later.

-- name: keep_plan
SELECT keep_plan($1::event_key, $2::plan_row)

-- name: plans_due
SELECT id, platform, address, host, at, body FROM plan WHERE at <= $1 ORDER BY at, id LIMIT $2

-- name: next_plan
SELECT min(at) FROM plan

-- name: plan
SELECT id, platform, address, host, at, body FROM plan WHERE id = $1

-- name: plans_at
SELECT id, platform, address, host, at, body FROM plan WHERE address = $2 AND platform = $1 ORDER BY at, id

-- name: drop_plan
DELETE FROM plan WHERE id = $1 RETURNING true

-- name: lose_plans
DELETE FROM plan
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- name: move_plans
UPDATE plan SET address = $3 || substr(address, length($2) + 1)
WHERE platform = $1 AND (address = $2 OR address >= $2 || '/' AND address < $2 || '0')

-- Purchases.

-- name: add_purchase
INSERT INTO purchase (charge, platform, user, viewer, story, episode, stars, at, refunded)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: purchase
SELECT charge, platform, user, viewer, story, episode, stars, at, refunded FROM purchase WHERE charge = ?

-- name: purchases
SELECT charge, platform, user, viewer, story, episode, stars, at, refunded
FROM purchase WHERE viewer = ? ORDER BY at DESC, charge

-- name: bought
SELECT episode FROM purchase WHERE viewer = ? AND story = ? AND refunded IS NULL

-- name: refund
UPDATE purchase SET refunded = ?2 WHERE charge = ?1 AND refunded IS NULL

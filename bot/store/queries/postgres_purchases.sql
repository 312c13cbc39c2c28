-- Purchases.

-- name: buy
SELECT buy($1::event_key, $2::purchase_row, $3::card_row[])

-- name: purchase
SELECT charge, platform, "user", viewer, story, episode, stars, at, refunded FROM purchase WHERE charge = $1

-- name: purchases
SELECT charge, platform, "user", viewer, story, episode, stars, at, refunded
FROM purchase WHERE viewer = $1 ORDER BY at DESC, charge

-- name: bought
SELECT episode FROM purchase WHERE viewer = $1 AND story = $2 AND refunded IS NULL

-- name: refund
UPDATE purchase SET refunded = $2 WHERE charge = $1 AND refunded IS NULL RETURNING true

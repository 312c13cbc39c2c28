-- What is written less often, each in one statement too. `key` is the event, if there is one.

CREATE TYPE event_key AS (home bigint, platform text, id text);
CREATE TYPE purchase_row AS (
    charge text, platform text, payer text, viewer bigint, story text, episode text, stars bigint, at bigint,
    refunded bigint
);
CREATE TYPE plan_row AS (id bigint, platform text, address text, host text, at bigint, body bytea);

-- Whether the event, if there is one, is new; then it is known from now.
CREATE FUNCTION claim(key event_key) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF key.id IS NULL THEN
        RETURN true;
    END IF;
    INSERT INTO event (home, platform, id, at)
    VALUES (key.home, key.platform, key.id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    ON CONFLICT DO NOTHING;
    RETURN found;
END
$$;

-- `dues` take the place of the session's agenda where `again` says so.
CREATE FUNCTION keep_room(key event_key, kept room_row, cards card_row[], again boolean, dues due_row[])
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    -- Locked before anything is looked at, so that votes and steps of this room wait.
    PERFORM FROM room WHERE session = kept.session FOR UPDATE;
    IF key.id IS NOT NULL AND known(key.platform, key.id) THEN
        RETURN 'duplicate';
    END IF;
    IF NOT EXISTS (SELECT FROM room WHERE session = kept.session AND version = kept.version - 1) THEN
        RETURN 'conflict';
    END IF;
    IF EXISTS (SELECT FROM room_code WHERE code = kept.code AND session <> kept.session) THEN
        RAISE EXCEPTION 'the code of the room is taken' USING ERRCODE = 'unique_violation';
    END IF;
    IF NOT claim(key) THEN
        PERFORM outrun();
    END IF;
    PERFORM put_rooms(ARRAY[kept]);
    PERFORM add_cards(cards);
    IF again THEN
        DELETE FROM agenda WHERE session = kept.session;
        INSERT INTO agenda (session, revision, kind, at, payload)
        SELECT one.session, one.revision, one.kind, one.at, one.payload FROM unnest(dues) AS one;
    END IF;
    RETURN 'committed';
END
$$;

-- The charge is looked at first: an event that only repeats one must stay unknown.
CREATE FUNCTION buy(key event_key, paid purchase_row, cards card_row[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase WHERE charge = paid.charge) OR NOT claim(key) THEN
        RETURN 'duplicate';
    END IF;
    INSERT INTO purchase (charge, platform, "user", viewer, story, episode, stars, at, refunded)
    SELECT paid.charge, paid.platform, paid.payer, paid.viewer, paid.story, paid.episode, paid.stars, paid.at,
        paid.refunded
    ON CONFLICT DO NOTHING;
    IF NOT found THEN
        PERFORM outrun();
    END IF;
    PERFORM add_cards(cards);
    RETURN 'committed';
END
$$;

CREATE FUNCTION keep_plan(key event_key, made plan_row) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF NOT claim(key) THEN
        RETURN 'duplicate';
    END IF;
    INSERT INTO plan (id, platform, address, host, at, body)
    SELECT made.id, made.platform, made.address, made.host, made.at, made.body;
    RETURN 'committed';
END
$$;

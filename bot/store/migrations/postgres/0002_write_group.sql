-- A whole group of steps, cards of no step, and votes, in one statement. What each carries comes in arrays of these rows;
-- `number` is the place in the group of the job that carries it, from 1: the steps, then the posts, then the votes.

CREATE TYPE step_job AS (
    number integer, platform text, event text, session bigint, expected bigint, viewer bigint, story text, version text,
    seed bigint, revision bigint, state bytea, address text, updated bigint
);
CREATE TYPE post_job AS (number integer, home bigint, platform text, event text);
CREATE TYPE cast_job AS (
    number integer, platform text, event text, session bigint, revision bigint, voter text, ranking text,
    weight bigint, at bigint
);
CREATE TYPE card_row AS (
    number integer, home bigint, lane smallint, platform text, address text, session bigint, revision bigint, body bytea
);
CREATE TYPE due_row AS (number integer, session bigint, revision bigint, kind text, at bigint, payload bytea);
CREATE TYPE fact_row AS (
    number integer, place integer, session bigint, revision bigint, story text, kind text, scene text, choice text,
    at bigint, took bigint
);
CREATE TYPE room_row AS (
    number integer, session bigint, code text, platform text, address text, revision bigint, open boolean,
    body bytea, version bigint, ended boolean
);
CREATE TYPE ballot_row AS (
    number integer, session bigint, revision bigint, host text, body bytea, winner text, at bigint
);

-- Another writer was faster at something that was free when we looked: all is undone, and may be made again.
CREATE FUNCTION outrun() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'another writer was faster' USING ERRCODE = 'serialization_failure';
END
$$;

-- Whether the event is known, whatever its home.
CREATE FUNCTION known(of_platform text, of_id text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM event WHERE platform = of_platform AND id = of_id)
$$;

-- A number that grows with the server's clock: 1,024 of them for each microsecond since 1970.
CREATE FUNCTION clock_number() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint << 10
$$;

-- Cards into the outbox, in their order: behind all that waits in the same home, whatever became of the clock.
CREATE FUNCTION add_cards(cards card_row[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first bigint := clock_number();
    done integer;
BEGIN
    INSERT INTO outbox (home, id, lane, platform, address, session, revision, body)
    SELECT
        one.home,
        greatest(first, (SELECT max(waiting.id) FROM outbox AS waiting WHERE waiting.home = one.home)) + one.place,
        one.lane, one.platform, one.address, one.session, one.revision, one.body
    FROM unnest(cards) WITH ORDINALITY
        AS one (number, home, lane, platform, address, session, revision, body, place)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done < cardinality(cards) THEN
        PERFORM outrun();
    END IF;
END
$$;

-- Rooms as they are now, and their codes.
CREATE FUNCTION put_rooms(rooms room_row[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first bigint := clock_number();
    taken bigint;
BEGIN
    DELETE FROM room_code USING unnest(rooms) AS one
    WHERE room_code.session = one.session AND room_code.code <> one.code
    AND room_code.code = (SELECT room.code FROM room WHERE room.session = one.session);

    INSERT INTO room_code (code, session) SELECT one.code, one.session FROM unnest(rooms) AS one
    ON CONFLICT (code) DO UPDATE SET session = excluded.session WHERE room_code.session = excluded.session;
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken < cardinality(rooms) THEN
        PERFORM outrun();
    END IF;

    INSERT INTO room (session, number, code, platform, address, revision, open, body, version, ended)
    SELECT one.session, first + row_number() OVER (), one.code, one.platform, one.address, one.revision, one.open,
        one.body, one.version, one.ended
    FROM unnest(rooms) AS one
    ON CONFLICT (session) DO UPDATE SET
        code = excluded.code, platform = excluded.platform, address = excluded.address, revision = excluded.revision,
        open = excluded.open, body = excluded.body, version = excluded.version, ended = excluded.ended;
END
$$;

-- What becomes of each job, in the order of their numbers: 'committed', 'duplicate' or 'conflict'. The caller sees to it
-- that among the jobs no event, no session that steps, no place to begin and no room's code is there twice.
CREATE FUNCTION write_group(
    steps step_job[], posts post_job[], casts cast_job[], cards card_row[], dues due_row[], facts fact_row[],
    rooms room_row[], ballots ballot_row[]
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    clock bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
    own_lane integer := pg_backend_pid() & 63;
    outcomes text[] := '{}';
    part text[];
    due integer;
    done integer;
BEGIN
    -- Always in the order of their ids, so that no two groups wait for each other. Those that cards are posted for, too:
    -- a card that its session has left behind goes nowhere.
    IF cardinality(posts) > 0 THEN
        PERFORM FROM session WHERE id IN (
            SELECT one.session FROM unnest(steps) AS one UNION ALL SELECT one.session FROM unnest(cards) AS one
        ) ORDER BY id FOR UPDATE;
    ELSIF cardinality(steps) > 0 THEN
        PERFORM FROM session WHERE id IN (SELECT one.session FROM unnest(steps) AS one) ORDER BY id FOR UPDATE;
    END IF;
    IF cardinality(steps) > 0 THEN
        IF cardinality(rooms) > 0 THEN
            PERFORM FROM room WHERE session IN (SELECT one.session FROM unnest(rooms) AS one)
            ORDER BY session FOR UPDATE;
        END IF;

        SELECT array_agg(
            CASE
                WHEN event.id IS NOT NULL THEN 'duplicate'
                WHEN session.revision IS DISTINCT FROM one.expected THEN 'conflict'
                WHEN one.expected IS NULL AND EXISTS (
                    SELECT FROM place WHERE place.viewer = one.viewer AND place.story = one.story
                ) THEN 'conflict'
                ELSE 'committed'
            END ORDER BY one.number
        ) INTO outcomes
        FROM unnest(steps) AS one
        LEFT JOIN session ON session.id = one.session
        LEFT JOIN event ON event.platform = one.platform AND event.id = one.event;

        IF cardinality(rooms) > 0 THEN
            SELECT array_agg(
                CASE
                    WHEN outcomes[one.number] = 'committed' AND (
                        room.version >= held.version OR room_code.session <> held.session
                    ) THEN 'conflict'
                    ELSE outcomes[one.number]
                END ORDER BY one.number
            ) INTO outcomes
            FROM unnest(steps) AS one
            LEFT JOIN unnest(rooms) AS held ON held.number = one.number
            LEFT JOIN room ON room.session = held.session
            LEFT JOIN room_code ON room_code.code = held.code;
        END IF;

        INSERT INTO event (home, platform, id, at)
        SELECT one.session, one.platform, one.event, clock
        FROM unnest(steps) AS one WHERE outcomes[one.number] = 'committed'
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS done = ROW_COUNT;
        due := cardinality(array_positions(outcomes, 'committed'));
        IF done < due THEN
            PERFORM outrun();
        END IF;

        -- Not an upsert: that would look into every index.
        UPDATE session SET
            version = one.version, seed = one.seed, revision = one.revision,
            state = one.state, address = one.address, updated = one.updated
        FROM unnest(steps) AS one
        WHERE session.id = one.session AND one.expected IS NOT NULL AND outcomes[one.number] = 'committed';
        GET DIAGNOSTICS done = ROW_COUNT;
        IF done < due THEN
            due := due - done;
            PERFORM FROM viewer WHERE id IN (
                SELECT one.viewer FROM unnest(steps) AS one
                WHERE one.expected IS NULL AND outcomes[one.number] = 'committed'
            ) ORDER BY id FOR KEY SHARE;
            IF EXISTS (
                SELECT FROM unnest(steps) AS one WHERE one.expected IS NULL AND outcomes[one.number] = 'committed'
                AND NOT EXISTS (SELECT FROM viewer WHERE viewer.id = one.viewer)
            ) THEN
                RAISE EXCEPTION 'a session is begun by a viewer who is gone' USING ERRCODE = 'foreign_key_violation';
            END IF;
            INSERT INTO place (viewer, story, session)
            SELECT one.viewer, one.story, one.session FROM unnest(steps) AS one
            WHERE one.expected IS NULL AND outcomes[one.number] = 'committed'
            ON CONFLICT DO NOTHING;
            GET DIAGNOSTICS done = ROW_COUNT;
            IF done < due THEN
                PERFORM outrun();
            END IF;
            INSERT INTO session (id, viewer, story, version, seed, revision, state, address, updated)
            SELECT one.session, one.viewer, one.story, one.version, one.seed, one.revision, one.state, one.address,
                one.updated
            FROM unnest(steps) AS one WHERE one.expected IS NULL AND outcomes[one.number] = 'committed'
            ON CONFLICT DO NOTHING;
            GET DIAGNOSTICS done = ROW_COUNT;
            IF done < due THEN
                PERFORM outrun();
            END IF;
        END IF;

        DELETE FROM agenda USING unnest(steps) AS one
        WHERE agenda.session = one.session AND outcomes[one.number] = 'committed';
        INSERT INTO agenda (session, revision, kind, at, payload)
        SELECT one.session, one.revision, one.kind, one.at, one.payload
        FROM unnest(dues) AS one WHERE outcomes[one.number] = 'committed';

        IF cardinality(facts) > 0 THEN
            INSERT INTO fact (session, revision, number, story, kind, scene, choice, at, took, version)
            SELECT one.session, one.revision, one.place, one.story, one.kind, one.scene, one.choice, one.at, one.took,
                (steps[one.number]).version
            FROM unnest(facts) AS one WHERE outcomes[one.number] = 'committed';
            INSERT INTO choice_count (story, scene, choice, lane, times)
            SELECT one.story, one.scene, CASE one.kind WHEN 'ending' THEN '' ELSE one.choice END AS counted, own_lane,
                count(*)
            FROM unnest(facts) AS one
            WHERE outcomes[one.number] = 'committed' AND (one.choice IS NOT NULL OR one.kind = 'ending')
            GROUP BY one.story, one.scene, counted ORDER BY one.story, one.scene, counted
            ON CONFLICT (story, scene, choice, lane)
            DO UPDATE SET times = choice_count.times + excluded.times;
        END IF;

        IF cardinality(rooms) > 0 THEN
            PERFORM put_rooms(array_agg(one)) FROM unnest(rooms) AS one
            WHERE outcomes[one.number] = 'committed' HAVING count(*) > 0;
        END IF;
        IF cardinality(ballots) > 0 THEN
            INSERT INTO ballot (session, revision, host, body, winner, at)
            SELECT one.session, one.revision, one.host, one.body, one.winner, one.at
            FROM unnest(ballots) AS one WHERE outcomes[one.number] = 'committed';
        END IF;
    END IF;

    IF cardinality(posts) > 0 THEN
        SELECT array_agg(
            CASE WHEN known(one.platform, one.event) THEN 'duplicate' ELSE 'committed' END ORDER BY one.number
        ) INTO part FROM unnest(posts) AS one;
        outcomes := outcomes || part;
        INSERT INTO event (home, platform, id, at)
        SELECT one.home, one.platform, one.event, clock FROM unnest(posts) AS one
        WHERE one.event IS NOT NULL AND outcomes[one.number] = 'committed'
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS done = ROW_COUNT;
        SELECT count(*) INTO due FROM unnest(posts) AS one
        WHERE one.event IS NOT NULL AND outcomes[one.number] = 'committed';
        IF done < due THEN
            PERFORM outrun();
        END IF;
    END IF;

    IF cardinality(cards) > 0 THEN
        PERFORM add_cards(array_agg(one ORDER BY place))
        FROM (
            SELECT one, row_number() OVER () AS place FROM unnest(cards) AS one
            WHERE outcomes[one.number] = 'committed' AND (
                one.number <= cardinality(steps) OR one.session = 0 OR EXISTS (
                    SELECT FROM session WHERE id = one.session AND revision <= one.revision
                )
            )
        ) AS kept
        HAVING count(*) > 0;
    END IF;

    IF cardinality(casts) > 0 THEN
        -- Who shuts the ballot waits for these votes, or they wait for who shuts it.
        PERFORM FROM room WHERE session IN (SELECT one.session FROM unnest(casts) AS one) ORDER BY session FOR SHARE;
        SELECT array_agg(
            CASE
                WHEN event.id IS NOT NULL THEN 'duplicate'
                WHEN room.session IS NULL THEN 'conflict'
                ELSE 'committed'
            END ORDER BY one.number
        ) INTO part
        FROM unnest(casts) AS one
        LEFT JOIN event ON event.platform = one.platform AND event.id = one.event
        LEFT JOIN room ON room.session = one.session AND room.revision = one.revision AND room.open;
        outcomes := outcomes || part;
        INSERT INTO event (home, platform, id, at)
        SELECT one.session, one.platform, one.event, clock
        FROM unnest(casts) AS one WHERE outcomes[one.number] = 'committed'
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS done = ROW_COUNT;
        IF done < cardinality(array_positions(part, 'committed')) THEN
            PERFORM outrun();
        END IF;
        -- Of several votes of one voter in the group the last one counts.
        INSERT INTO vote (session, revision, voter, ranking, weight, at)
        SELECT DISTINCT ON (one.session, one.revision, one.voter COLLATE "C")
            one.session, one.revision, one.voter, one.ranking, one.weight, one.at
        FROM unnest(casts) AS one WHERE outcomes[one.number] = 'committed'
        ORDER BY one.session, one.revision, one.voter COLLATE "C", one.number DESC
        ON CONFLICT (session, revision, voter)
        DO UPDATE SET ranking = excluded.ranking, weight = excluded.weight, at = excluded.at;
    END IF;
    RETURN outcomes;
END
$$;

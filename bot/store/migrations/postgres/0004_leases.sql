-- runs with 3: it only adds.
-- What one worker has to itself for a while: a lane of the outbox, the polling of a platform, its own name. `until` is
-- Unix ms by the server's clock, since workers' clocks differ.
CREATE TABLE lease (
    name words PRIMARY KEY,
    worker bigint NOT NULL,
    until bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The worker has those of the names that nobody else has, from now; what it gives up is free. All that is held then, with
-- the time.
CREATE FUNCTION hold_leases(of_worker bigint, wanted text[], given_up text[], milliseconds bigint)
RETURNS TABLE (clock bigint, held_name text, held_by bigint) LANGUAGE plpgsql AS $$
DECLARE
    now_ms bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
BEGIN
    DELETE FROM lease WHERE lease.name = ANY (given_up) AND lease.worker = of_worker;
    -- Always in one order, so that no two workers wait for each other.
    INSERT INTO lease (name, worker, until)
    SELECT one, of_worker, now_ms + milliseconds FROM unnest(wanted) AS one ORDER BY one COLLATE "C"
    ON CONFLICT (name) DO UPDATE SET worker = excluded.worker, until = excluded.until
    WHERE lease.worker = excluded.worker OR lease.until <= now_ms;
    RETURN QUERY
    SELECT now_ms, lease.name::text, lease.worker
    FROM (VALUES (1)) AS one LEFT JOIN lease ON lease.until > now_ms;
END
$$;

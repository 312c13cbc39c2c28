-- runs with 3: it only adds. What is not kept for ever: ids of events, facts, cards of platforms that nobody serves.

-- What is trimmed each day is a small part of these tables: it is swept away the same day, so that its room is used
-- again, and not when a fifth of the table is dead. The table `event` was swept so seldom before.
ALTER TABLE event SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);
ALTER TABLE fact SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);

-- Facts whose time is over, counted: `day` counts from 1970 in UTC, `timed` says how many of them took a time, `took` is
-- the sum of these times in ms. A fact is either in its own table or counted here, so both together are always all.
CREATE TABLE fact_day (
    story words NOT NULL,
    day bigint NOT NULL,
    version words NOT NULL,
    kind words NOT NULL,
    scene words NOT NULL,
    choice words NOT NULL,
    times bigint NOT NULL,
    timed bigint NOT NULL,
    took bigint NOT NULL,
    PRIMARY KEY (story, day, version, kind, scene, choice)
);

-- Every fact there ever was, to be added up by day: for figures.
CREATE VIEW fact_of_day AS
SELECT story, day, version, kind, scene, choice, times, timed, took FROM fact_day
UNION ALL
SELECT story, at / 86400000, coalesce(version, ''), kind, scene, coalesce(choice, ''), 1, (took IS NOT NULL)::integer,
    coalesce(took, 0)
FROM fact;

-- When a platform was last served or, if it never was, first missed.
CREATE TABLE served (
    platform words PRIMARY KEY,
    at bigint NOT NULL
);

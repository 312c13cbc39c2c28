-- runs with 4: it only adds. What is not kept for ever: ids of events, facts, cards of platforms that nobody serves.

-- When an event was committed, so that its id can go one day; 0 where an older release wrote it. No index: that would
-- cost every tap, and who tidies up walks along the key.
ALTER TABLE event ADD COLUMN at INTEGER NOT NULL DEFAULT 0;

-- The version of the story that the session was pinned to; NULL where an older release wrote it.
ALTER TABLE fact ADD COLUMN version TEXT;

-- Facts whose time is over, counted: `day` counts from 1970 in UTC, `timed` says how many of them took a time, `took` is
-- the sum of these times in ms. A fact is either in its own table or counted here, so both together are always all.
CREATE TABLE fact_day (
    story TEXT NOT NULL,
    day INTEGER NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    scene TEXT NOT NULL,
    choice TEXT NOT NULL,
    times INTEGER NOT NULL,
    timed INTEGER NOT NULL,
    took INTEGER NOT NULL,
    PRIMARY KEY (story, day, version, kind, scene, choice)
) STRICT, WITHOUT ROWID;

-- Every fact there ever was, to be added up by day: for figures.
CREATE VIEW fact_of_day AS
SELECT story, day, version, kind, scene, choice, times, timed, took FROM fact_day
UNION ALL
SELECT story, at / 86400000, coalesce(version, ''), kind, scene, coalesce(choice, ''), 1, took IS NOT NULL,
    coalesce(took, 0)
FROM fact;

-- When a platform was last served or, if it never was, first missed.
CREATE TABLE served (
    platform TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

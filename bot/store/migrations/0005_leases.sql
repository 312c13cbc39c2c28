-- runs with 4: it only adds.
-- What one worker has to itself for a while. `until` is Unix ms.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    worker INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

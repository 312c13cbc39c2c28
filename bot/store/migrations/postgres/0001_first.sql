-- What the bot cannot lose, on PostgreSQL. Times are Unix milliseconds; ids of viewers and sessions are 62 random bits.
-- What leads each table, and why: docs/decisions/0013-postgresql.md. Texts are compared byte by byte, as in SQLite.

CREATE DOMAIN words AS text COLLATE "C";

-- -- Led by the session: all that a tap or a vote touches.

-- Room is left in each page, so that a step's new row lies beside the old one and no index is touched (HOT).
CREATE TABLE session (
    id bigint PRIMARY KEY,
    viewer bigint NOT NULL,
    story words NOT NULL,
    version words NOT NULL,
    seed bigint NOT NULL,
    revision bigint NOT NULL,
    state bytea NOT NULL,
    address words,
    updated bigint NOT NULL
) WITH (fillfactor = 60);

CREATE INDEX session_by_address ON session (address) WHERE address IS NOT NULL;

-- Every event that was committed: a second arrival changes nothing. `home` is the session it changed; of an event that
-- changed none, a number made of its own key. `at` is for trimming.
CREATE TABLE event (
    home bigint NOT NULL,
    platform words NOT NULL,
    id words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (home, platform, id)
);

-- For those who know an event and not its home; and one server sees to it that no event has two.
CREATE UNIQUE INDEX event_by_key ON event (platform, id);

-- Cards still to be delivered. `home` is the card's session; of a card without one, a number made of its chat. `id` comes
-- from the server's clock and is above those that wait in the same home, for a sequence would be asked by everybody.
-- `lane` is made of the chat: whoever holds a lane delivers to all its chats.
CREATE TABLE outbox (
    home bigint NOT NULL,
    id bigint NOT NULL,
    lane smallint NOT NULL,
    platform words NOT NULL,
    address words NOT NULL,
    session bigint NOT NULL,
    revision bigint NOT NULL,
    body bytea NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    error words,
    PRIMARY KEY (home, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Two workers may read the same time from the clock: then the slower one is outrun, and asks for it again.
CREATE UNIQUE INDEX outbox_by_id ON outbox (id);

-- Everything due later. `worker` is at it, and nobody else before `lease` (Unix ms) is over.
CREATE TABLE agenda (
    session bigint NOT NULL,
    revision bigint NOT NULL,
    kind words NOT NULL,
    at bigint NOT NULL,
    payload bytea NOT NULL,
    worker bigint,
    lease bigint,
    PRIMARY KEY (session, revision, kind)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000);

CREATE INDEX agenda_by_time ON agenda (at);

-- What happened, for the figures. `number` counts the facts of one step, `version` is the one its session was pinned to.
CREATE TABLE fact (
    session bigint NOT NULL,
    revision bigint NOT NULL,
    number integer NOT NULL,
    story words NOT NULL,
    kind words NOT NULL,
    scene words NOT NULL,
    choice words,
    at bigint NOT NULL,
    took bigint,
    version words,
    PRIMARY KEY (session, revision, number)
);

-- Watch-alongs. `number` grows, so that the latest one of a chat can be told.
CREATE TABLE room (
    session bigint PRIMARY KEY,
    number bigint NOT NULL,
    code words NOT NULL,
    platform words NOT NULL,
    address words NOT NULL,
    revision bigint NOT NULL,
    open boolean NOT NULL,
    body bytea NOT NULL,
    version bigint NOT NULL,
    ended boolean NOT NULL
) WITH (fillfactor = 60);

CREATE INDEX room_by_chat ON room (address, platform);
CREATE INDEX room_by_number ON room (number);

CREATE TABLE vote (
    session bigint NOT NULL,
    revision bigint NOT NULL,
    voter words NOT NULL,
    ranking words NOT NULL,
    weight bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (session, revision, voter)
) WITH (fillfactor = 80);

-- For a viewer who wants to see or to forget their votes.
CREATE INDEX vote_by_voter ON vote (voter);

-- A decided ballot. Its host is beside the body, so that they can be forgotten.
CREATE TABLE ballot (
    session bigint NOT NULL,
    revision bigint NOT NULL,
    host words,
    body bytea NOT NULL,
    winner words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (session, revision)
);

CREATE INDEX ballot_by_host ON ballot (host) WHERE host IS NOT NULL;

-- -- Led by the chat.

CREATE TABLE shown (
    address words NOT NULL,
    platform words NOT NULL,
    session bigint NOT NULL,
    revision bigint NOT NULL,
    body bytea NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (address, platform, session)
) WITH (fillfactor = 60);

CREATE INDEX shown_by_session ON shown (session);

CREATE TABLE lost_chat (
    address words NOT NULL,
    platform words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (address, platform)
);

CREATE TABLE plan (
    address words NOT NULL,
    id bigint NOT NULL,
    platform words NOT NULL,
    host words NOT NULL,
    at bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (address, id)
);

CREATE UNIQUE INDEX plan_by_id ON plan (id);
CREATE INDEX plan_by_time ON plan (at);
CREATE INDEX plan_by_host ON plan (host);

-- -- Led by the viewer, or by what stands for one.

CREATE TABLE viewer (
    id bigint PRIMARY KEY,
    language words
);

-- Several identities may stand for one viewer.
CREATE TABLE identity (
    "user" words NOT NULL,
    platform words NOT NULL,
    viewer bigint NOT NULL,
    PRIMARY KEY ("user", platform)
);

CREATE INDEX identity_by_viewer ON identity (viewer);

-- A viewer's one session in a story. Written when it begins; no tap looks here.
CREATE TABLE place (
    viewer bigint NOT NULL,
    story words NOT NULL,
    session bigint NOT NULL,
    PRIMARY KEY (viewer, story)
);

CREATE TABLE preference (
    viewer bigint NOT NULL,
    name words NOT NULL,
    value words NOT NULL,
    PRIMARY KEY (viewer, name)
);

-- What was paid for, whatever became of the viewer.
CREATE TABLE purchase (
    charge words PRIMARY KEY,
    platform words NOT NULL,
    "user" words NOT NULL,
    viewer bigint,
    story words NOT NULL,
    episode words NOT NULL,
    stars bigint NOT NULL,
    at bigint NOT NULL,
    refunded bigint
);

CREATE INDEX purchase_by_viewer ON purchase (viewer, story);

-- Who enters a viewer's code until then is that viewer from now on; a viewer has one code at most.
CREATE TABLE link_code (
    code words PRIMARY KEY,
    viewer bigint NOT NULL UNIQUE,
    until bigint NOT NULL
);

CREATE INDEX link_code_by_time ON link_code (until);

-- -- Led by something of their own; small, or seldom written.

-- The session of the room that has a code.
CREATE TABLE room_code (
    code words PRIMARY KEY,
    session bigint NOT NULL
);

-- How often each choice was taken; an ending counts as the choice '' of its scene. Every writer counts in a lane of its
-- own, so that none waits for another's commit; who reads adds the lanes up.
CREATE TABLE choice_count (
    story words NOT NULL,
    scene words NOT NULL,
    choice words NOT NULL,
    lane integer NOT NULL,
    times bigint NOT NULL,
    PRIMARY KEY (story, scene, choice, lane)
) WITH (fillfactor = 60);

-- The sources of every version a session was ever pinned to (JSON: path -> text).
CREATE TABLE story_version (
    story words NOT NULL,
    version words NOT NULL,
    sources words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (story, version)
);

-- The platform's own file id for a clip, which belongs to one bot.
CREATE TABLE clip_file (
    bot words NOT NULL,
    clip words NOT NULL,
    file_id words NOT NULL,
    PRIMARY KEY (bot, clip)
);

-- Events that failed too often, for the operator.
CREATE TABLE trouble (
    platform words NOT NULL,
    id words NOT NULL,
    error words NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (platform, id)
);

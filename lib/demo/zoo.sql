-- The sample database of `mcp-front demo database`: a zoo for software bugs.
-- The first comment inside a table or view is what the tools say it is for.

CREATE TABLE enclosures (
  -- Where the bugs live. Numbered from 0.
  enclosure_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  climate TEXT NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0)
) STRICT;

INSERT INTO enclosures (enclosure_id, name, climate, capacity) VALUES
  (0, 'The Stack', 'tall and narrow', 6),
  (1, 'The Heap', 'warm and untidy', 8),
  (2, 'Production', 'visitors whisper here', 4),
  (3, 'Staging', 'almost like Production', 8),
  (4, 'The Legacy Wing', 'dusty; nobody has the key', 6),
  (5, 'The Cloud', 'somebody else''s enclosure', 8),
  (6, 'Localhost', 'works for us', 5),
  (7, '/dev/null', 'very quiet', 1000);

CREATE TABLE species (
  -- The kinds of bugs, and how dangerous they are: from 1 (a nuisance) to 5 (call everybody).
  species_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  habitat TEXT NOT NULL,
  danger INTEGER NOT NULL CHECK (danger BETWEEN 1 AND 5)
) STRICT;

INSERT INTO species (species_id, name, habitat, danger) VALUES
  (1, 'Off-by-one', 'fences, and the posts between them', 2),
  (2, 'Null pointer', 'where there is nothing', 4),
  (3, 'Heisenbug', 'code that nobody is watching', 3),
  (4, 'Race condition', 'between two threads, usually', 5),
  (5, 'Memory leak', 'servers that never restart', 3),
  (6, 'Deadlock', 'behind the other one', 4),
  (7, 'Infinite loop', 'see habitat', 2),
  (8, 'Schrödinbug', 'code that could never have worked', 3),
  (9, 'Time zone bug', 'the last Sunday in March', 4),
  (10, 'Typo', 'everywher', 1),
  (11, 'Mojibake', 'between two encodings', 2),
  (12, 'Cache bug', 'where it was yesterday', 5);

CREATE TABLE keepers (
  -- The people who look after the bugs, and who taught each of them the trade.
  keeper_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  hired_on TEXT NOT NULL,
  mentor_id INTEGER REFERENCES keepers (keeper_id)
) STRICT;

INSERT INTO keepers (keeper_id, name, hired_on, mentor_id) VALUES
  (1, 'Cora Dump', '2009-04-01', NULL),
  (2, 'Max Integer', '2012-12-12', 1),
  (3, 'Paige Fault', '2016-02-29', 1),
  (4, 'Reggie Expression', '2019-09-13', 2),
  (5, 'Justin Time', '2021-11-05', 4),
  (6, 'Dee Ploy', '2024-01-26', 3);

CREATE TABLE bugs (
  -- The animals: who they are, when they were caught, and how many lines of code they were found in.
  bug_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  species_id INTEGER NOT NULL REFERENCES species (species_id),
  enclosure_id INTEGER NOT NULL REFERENCES enclosures (enclosure_id),
  caught_on TEXT NOT NULL,
  lines INTEGER -- NULL for those that change when they are measured
) STRICT;

CREATE INDEX bugs_by_species ON bugs (species_id);

INSERT INTO bugs (bug_id, name, species_id, enclosure_id, caught_on, lines) VALUES
  (1, 'Fencepost', 1, 0, '2010-03-04', 2),
  (2, 'Lengthy', 1, 0, '2013-07-19', 1),
  (3, 'Eleven of Ten', 1, 3, '2018-10-10', 11),
  (4, 'Zero', 1, 6, '2022-01-01', 0),
  (5, 'Billie', 2, 0, '2009-08-15', 1),
  (6, 'Undefined', 2, 6, '2015-06-18', 3),
  (7, 'NaN', 2, 3, '2017-02-02', 4),
  (8, 'Optional', 2, 2, '2023-05-23', 7),
  (9, 'Werner', 3, 3, '2011-11-11', NULL),
  (10, 'Printf', 3, 6, '2016-09-30', NULL),
  (11, 'Breakpoint', 3, 2, '2020-04-17', NULL),
  (12, 'Hare', 4, 1, '2012-05-06', 210),
  (13, 'Tortoise', 4, 1, '2012-05-06', 209),
  (14, 'Photo Finish', 4, 5, '2021-08-07', 48),
  (15, 'Double Booking', 4, 2, '2024-12-24', 16),
  (16, 'Drip', 5, 1, '2010-10-21', 5),
  (17, 'Hoarder', 5, 1, '2014-03-14', 1024),
  (18, 'Closure', 5, 5, '2019-01-31', 12),
  (19, 'Listener', 5, 5, '2022-06-09', 2),
  (20, 'After You', 6, 4, '2011-02-14', 88),
  (21, 'No, After You', 6, 4, '2011-02-14', 88),
  (22, 'Philosopher Five', 6, 1, '2018-05-05', 25),
  (23, 'Ouroboros', 7, 0, '2013-12-31', 3),
  (24, 'Are We There Yet', 7, 3, '2019-07-26', 2),
  (25, 'Retry', 7, 5, '2023-03-29', 9),
  (26, 'Whiskers', 8, 4, '2012-09-09', 404),
  (27, 'Both', 8, 4, '2017-11-28', 512),
  (28, 'Leap Year', 9, 4, '2012-02-29', 29),
  (29, 'Half Past Adelaide', 9, 5, '2019-10-06', 30),
  (30, 'Epoch', 9, 2, '2020-01-19', 1970),
  (31, 'Teh', 10, 6, '2014-04-01', 1),
  (32, 'Lenght', 10, 3, '2016-08-08', 1),
  (33, 'Referer', 10, 5, '2009-06-25', 1),
  (34, 'CafÃ©', 11, 3, '2015-10-15', 40),
  (35, 'Tofu □', 11, 6, '2021-05-20', 8),
  (36, 'Stale', 12, 5, '2013-06-30', 77),
  (37, 'Stale (2)', 12, 5, '2013-07-01', 77),
  (38, 'Ctrl-F5', 12, 3, '2024-02-20', 5);

CREATE TABLE escapes (
  -- Who got out, why, and who brought them back; recaptured_at is NULL while they are at large.
  escape_id INTEGER PRIMARY KEY,
  bug_id INTEGER NOT NULL REFERENCES bugs (bug_id),
  escaped_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  recaptured_at TEXT,
  recaptured_by INTEGER REFERENCES keepers (keeper_id)
) STRICT;

INSERT INTO escapes (escape_id, bug_id, escaped_at, reason, recaptured_at, recaptured_by) VALUES
  (1, 5, '2025-01-03 17:05', 'released on a Friday', '2025-01-06 09:10', 3),
  (2, 12, '2025-01-14 11:00', 'the gate was locked twice', '2025-01-14 11:30', 2),
  (3, 13, '2025-01-14 11:00', 'the gate was locked twice', '2025-01-14 16:00', 2),
  (4, 9, '2025-01-29 08:20', 'nobody was looking', '2025-01-29 08:21', 1),
  (5, 36, '2025-02-07 16:40', 'released on a Friday', '2025-02-10 10:00', 4),
  (6, 17, '2025-02-18 03:12', 'outgrew the enclosure', '2025-02-18 03:40', 1),
  (7, 28, '2025-03-01 00:00', 'expected a 29th of February', '2025-03-02 09:00', 4),
  (8, 31, '2025-03-04 12:00', 'the sing was misspelled', '2025-03-04 12:05', 6),
  (9, 29, '2025-03-30 02:30', 'left at an hour that does not exist', '2025-03-30 03:30', 4),
  (10, 15, '2025-04-11 17:30', 'released on a Friday', '2025-04-14 08:45', 3),
  (11, 2, '2025-04-22 14:00', 'one bar too few', '2025-04-22 14:20', 5),
  (12, 3, '2025-04-22 14:00', 'one bar too few', '2025-04-22 15:05', 5),
  (13, 36, '2025-05-02 16:55', 'released on a Friday', '2025-05-05 09:30', 3),
  (14, 37, '2025-05-02 16:55', 'released on a Friday', '2025-05-05 09:30', 3),
  (15, 11, '2025-05-13 10:10', 'nobody was looking', NULL, NULL),
  (16, 17, '2025-05-27 04:01', 'outgrew the enclosure', '2025-05-27 05:15', 1),
  (17, 9, '2025-06-05 15:45', 'nobody was looking', '2025-06-05 15:46', 1),
  (18, 38, '2025-06-06 17:59', 'released on a Friday', '2025-06-09 11:20', 6),
  (19, 14, '2025-06-10 09:00', 'the gate was locked twice', '2025-06-10 09:25', 2),
  (20, 12, '2025-06-12 13:37', 'the gate was locked twice', '2025-06-12 14:07', 2),
  (21, 27, '2025-06-12 20:00', 'may have escaped', NULL, NULL),
  (22, 8, '2025-06-13 17:01', 'released on a Friday', NULL, NULL);

CREATE TABLE feedings (
  -- Who fed whom, when, and how many kilobytes. Never on a Friday.
  feeding_id INTEGER PRIMARY KEY,
  bug_id INTEGER NOT NULL REFERENCES bugs (bug_id),
  keeper_id INTEGER NOT NULL REFERENCES keepers (keeper_id),
  fed_on TEXT NOT NULL,
  kilobytes INTEGER NOT NULL
) STRICT;

CREATE INDEX feedings_by_bug ON feedings (bug_id);

-- Two weeks of meals. Memory leaks want more every day.
INSERT INTO feedings (bug_id, keeper_id, fed_on, kilobytes)
WITH RECURSIVE days (day, fed_on) AS (
  SELECT 0, '2025-06-02'
  UNION ALL
  SELECT day + 1, date(fed_on, '+1 day') FROM days WHERE day < 13
)
SELECT
  bug_id,
  1 + (bug_id * 5 + day * 7) % 6,
  fed_on,
  1 + (bug_id * 37 + day * 11) % 64 + CASE WHEN species_id = 5 THEN day * 16 ELSE 0 END
FROM days CROSS JOIN bugs
WHERE strftime('%w', fed_on) <> '5' AND (bug_id + day) % 4 <> 0
ORDER BY day, bug_id;

CREATE VIEW residents AS
  -- Every bug with its species, its danger and its enclosure, by name.
  SELECT bugs.name AS bug, species.name AS species, species.danger, enclosures.name AS enclosure
  FROM bugs JOIN species USING (species_id) JOIN enclosures USING (enclosure_id);

CREATE VIEW at_large AS
  -- The bugs that nobody has brought back yet.
  SELECT bugs.name AS bug, species.name AS species, escapes.escaped_at, escapes.reason
  FROM escapes JOIN bugs USING (bug_id) JOIN species USING (species_id)
  WHERE escapes.recaptured_at IS NULL;

/** Everything that a relay has on its disk. There is no column for an address, a peer id or a time finer than an hour. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS mailboxes (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,        -- SHA-256 of the parameters
    parameters BLOB NOT NULL,       -- lane, read key, write keys, capacity, expiry, proof of work
    next_seq INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    expires INTEGER NOT NULL        -- hour from which an empty one is forgotten
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    mailbox INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    writer INTEGER NOT NULL,        -- which of the mailbox's write keys
    tag BLOB NOT NULL,
    knock BLOB NOT NULL,
    expires INTEGER NOT NULL,       -- hour
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS entries_by_seq ON entries (mailbox, seq);
  CREATE UNIQUE INDEX IF NOT EXISTS entries_by_tag ON entries (mailbox, writer, tag);
  CREATE INDEX IF NOT EXISTS entries_by_knock ON entries (mailbox, knock) WHERE knock != x'';
  CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires);
  CREATE INDEX IF NOT EXISTS mailboxes_by_expiry ON mailboxes (expires) WHERE entries = 0;
  CREATE TABLE IF NOT EXISTS blobs (
    id BLOB PRIMARY KEY,
    owner BLOB NOT NULL,            -- the key that may delete it
    expires INTEGER NOT NULL,       -- hour
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS blobs_by_expiry ON blobs (expires);
  CREATE TABLE IF NOT EXISTS totals (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    bytes INTEGER NOT NULL,
    mailboxes INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    blobs INTEGER NOT NULL,
    blob_bytes INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO totals VALUES (1, 0, 0, 0, 0, 0);
`

/** Raised when the tables change in a way that an older relay cannot read. */
export const SCHEMA_VERSION = 1

/**
 * The statements of schema version 1, as they were released: never changed.
 *
 * The words of shown events, by the events' rowid. It keeps its own copy of the words so that it can take them out
 * again exactly; with `secure-delete` they then leave the index at once instead of at some later merge.
 * One and two letters have an index of their own, since whoever types a word begins with them and they match most.
 * `scope` is the beginning of the conversation's id, so that one conversation is searched without reading the others.
 */
export const VERSION_1: readonly string[] = [
  `CREATE TABLE "meta" ("key" TEXT NOT NULL, "value" BLOB NOT NULL, PRIMARY KEY ("key")) STRICT, WITHOUT ROWID`,
  `CREATE TABLE "contacts" ("account" BLOB NOT NULL, "name" TEXT NOT NULL, "chain" BLOB NOT NULL, "verified" INTEGER NOT NULL, "blocked" INTEGER NOT NULL, "addedAt" INTEGER NOT NULL, PRIMARY KEY ("account")) STRICT, WITHOUT ROWID`,
  `CREATE TABLE "conversations" ("conversation" BLOB NOT NULL, "kind" TEXT NOT NULL, "phase" TEXT NOT NULL, "peer" BLOB NOT NULL, "title" TEXT NOT NULL, "tip" BLOB NOT NULL, "state" BLOB NOT NULL, "relays" TEXT NOT NULL, "createdAt" INTEGER NOT NULL, "readLamport" INTEGER NOT NULL, PRIMARY KEY ("conversation")) STRICT`,
  `CREATE TABLE "epochs" ("conversation" BLOB NOT NULL, "epochId" BLOB NOT NULL, "parent" TEXT NOT NULL, "state" BLOB NOT NULL, "commit" BLOB NOT NULL, "opens" INTEGER NOT NULL, "createdAt" INTEGER NOT NULL, PRIMARY KEY ("conversation", "epochId")) STRICT`,
  `CREATE TABLE "generations" ("conversation" BLOB NOT NULL, "generation" BLOB NOT NULL, "secret" BLOB NOT NULL, "epochId" BLOB NOT NULL, "openedAt" INTEGER NOT NULL, "closedAt" INTEGER NOT NULL, PRIMARY KEY ("conversation", "generation")) STRICT`,
  `CREATE TABLE "events" ("conversation" BLOB NOT NULL, "device" BLOB NOT NULL, "seq" INTEGER NOT NULL, "eventId" BLOB NOT NULL, "account" BLOB NOT NULL, "lamport" INTEGER NOT NULL, "kind" TEXT NOT NULL, "header" BLOB NOT NULL, "salt" BLOB NOT NULL, "body" BLOB NOT NULL, "text" TEXT NOT NULL, "sentAt" INTEGER NOT NULL, "receivedAt" INTEGER NOT NULL, "via" TEXT NOT NULL, "shown" INTEGER NOT NULL, "proof" BLOB NOT NULL, PRIMARY KEY ("conversation", "device", "seq")) STRICT`,
  `CREATE TABLE "outbox" ("conversation" BLOB NOT NULL, "innerId" BLOB NOT NULL, "kind" TEXT NOT NULL, "inner" BLOB NOT NULL, "generation" TEXT NOT NULL, "firstSeq" INTEGER NOT NULL, "lastSeq" INTEGER NOT NULL, "createdAt" INTEGER NOT NULL, "deposits" TEXT NOT NULL, PRIMARY KEY ("conversation", "innerId")) STRICT`,
  `CREATE TABLE "inbox" ("conversation" BLOB NOT NULL, "innerId" BLOB NOT NULL, "inner" BLOB NOT NULL, "generation" TEXT NOT NULL, "via" TEXT NOT NULL, "receivedAt" INTEGER NOT NULL, "parkedFor" TEXT NOT NULL, PRIMARY KEY ("conversation", "innerId")) STRICT`,
  `CREATE TABLE "seen" ("conversation" BLOB NOT NULL, "innerId" BLOB NOT NULL, "at" INTEGER NOT NULL, PRIMARY KEY ("conversation", "innerId")) STRICT, WITHOUT ROWID`,
  `CREATE TABLE "cursors" ("relay" TEXT NOT NULL, "mailbox" TEXT NOT NULL, "seq" INTEGER NOT NULL, PRIMARY KEY ("relay", "mailbox")) STRICT, WITHOUT ROWID`,
  `CREATE TABLE "receipts" ("conversation" BLOB NOT NULL, "device" BLOB NOT NULL, "counter" INTEGER NOT NULL, "bytes" BLOB NOT NULL, PRIMARY KEY ("conversation", "device")) STRICT`,
  `CREATE TABLE "invitations" ("invitation" BLOB NOT NULL, "secret" BLOB NOT NULL, "knockSeed" BLOB NOT NULL, "link" TEXT NOT NULL, "relays" TEXT NOT NULL, "uses" INTEGER NOT NULL, "used" INTEGER NOT NULL, "createdAt" INTEGER NOT NULL, "expiresAt" INTEGER NOT NULL, "revokedAt" INTEGER NOT NULL, PRIMARY KEY ("invitation")) STRICT`,
  `CREATE TABLE "keyPackages" ("ref" TEXT NOT NULL, "invitation" BLOB NOT NULL, "publicBytes" BLOB NOT NULL, "privateBytes" BLOB NOT NULL, "expiresAt" INTEGER NOT NULL, PRIMARY KEY ("ref")) STRICT`,
  `CREATE TABLE "requests" ("request" BLOB NOT NULL, "invitation" BLOB NOT NULL, "conversation" BLOB NOT NULL, "account" BLOB NOT NULL, "name" TEXT NOT NULL, "text" TEXT NOT NULL, "knock" BLOB NOT NULL, "receivedAt" INTEGER NOT NULL, "state" TEXT NOT NULL, PRIMARY KEY ("request")) STRICT`,
  `CREATE INDEX "events.order" ON "events" ("conversation", "shown", "lamport", "eventId")`,
  `CREATE INDEX "events.id" ON "events" ("eventId")`,
  `CREATE INDEX "keyPackages.invitation" ON "keyPackages" ("invitation", "ref")`,
  `CREATE VIRTUAL TABLE "wordIndex" USING fts5(words, scope, tokenize = 'ascii', columnsize = 0, prefix = '1 2')`,
  `INSERT INTO "wordIndex"("wordIndex", rank) VALUES ('secure-delete', 1)`,
  `CREATE TABLE "keyring" ("one" INTEGER PRIMARY KEY CHECK ("one" = 1), "secretsKey" TEXT NOT NULL) STRICT`,
]

/** What one mailbox may hold, and for how long. A relay refuses what exceeds this and never evicts. */
export const CONTENT_ENTRIES: number = 4_096
export const CONTENT_BYTES: number = 16 * 1024 * 1024
export const CONTENT_HOURS: number = 21 * 24
/** Shared by a control mailbox's write keys in equal parts. */
export const CONTROL_ENTRIES: number = 4_096
export const CONTROL_HOURS: number = 90 * 24
/** An empty mailbox is forgotten this long after the last PUT (or its CREATE); longer than anybody reads a closed generation. */
export const MAILBOX_HOURS: number = 120 * 24
/** So long after its expiry a knock mailbox is still known, so that who comes too late is told `expired`. */
export const KNOCK_KNOWN_HOURS: number = 30 * 24
/** The furthest expiry of knock mailboxes and blobs, in seconds from now. */
export const MAX_AHEAD_SECONDS: number = 90 * 24 * 3_600
/** What a row costs beside its body. */
export const MAILBOX_OVERHEAD_BYTES: number = 512
export const ENTRY_OVERHEAD_BYTES: number = 256
export const BLOB_OVERHEAD_BYTES: number = 256
/** Blobs need no mailbox, so they get no more than this part of the relay's bytes. */
export const BLOB_SHARE: number = 0.25
/** Entries that one knock may take: as many fragments as an inner item has at most. */
export const KNOCK_FRAGMENTS: number = 64

/**
 * Every limit of the wire, in one place. LIMITS.md mirrors this file (a test compares them), with the reason for each.
 * A decoder refuses what exceeds a limit; an encoder throws, because then the mistake is ours.
 */

/** Records (field occurrences, at all levels) in one message; counted before anything is allocated. */
export const MAX_RECORDS = 4_096

// Envelopes and what is in them
export const SMALL_ENVELOPE_BYTES = 2_048
export const LARGE_ENVELOPE_BYTES = 16_384
export const MAX_ENVELOPE_BYTES = 16_384
export const MAX_INNER_BYTES = 1_015_808
export const MAX_MLS_BYTES = 1_011_712
export const MAX_SIGNED_BODY_BYTES = 32_768
export const MAX_KNOCK_ITEMS = 8

// The event log
export const MAX_SEAL_BYTES = 995_328
export const MAX_SEAL_EVENTS = 256
export const MAX_EVENT_HEADER_BYTES = 1_024
export const MAX_EVENT_BODY_BYTES = 32_768
export const MAX_SEALED_EVENT_BYTES = 34_816
export const MAX_DEPS = 8
export const MAX_KIND_BYTES = 32
export const MAX_TEXT_BYTES = 16_384
export const MAX_MENTIONS = 64
export const MAX_NAME_CHARACTERS = 64
export const MAX_NAME_BYTES = 256
export const MAX_TIME_MS = 8_640_000_000_000_000
export const MAX_FETCH_EVENTS = 256
export const MAX_ASK_KEY_BYTES = 1_216
export const MAX_PROOF_BYTES = 389
export const MAX_SERVED_EVENTS = 64
export const MAX_SERVED_BYTES = 262_144

// Groups
export const MAX_DEVICES = 512
export const MAX_FOUNDERS = 256
export const MAX_ACCOUNT_DEVICES = 8
export const MAX_CONTROL_DEPS = 64
export const MAX_LACKING = 16
export const MAX_CONTROL_LEAVES = 256
export const MAX_LOG_HEADS_BYTES = 49_152
export const MAX_START = 2_147_483_648
export const MAX_ATTACHMENT_BYTES = 975_000
export const MAX_ACCEPTANCE_BYTES = 32_000
export const MAX_RECOVERY_STATEMENT_BYTES = 160
export const MAX_WELCOME_BUNDLE_BYTES = 3_145_728
export const MAX_WELCOME_PART_BYTES = 32_000
export const MAX_WELCOME_PARTS = 128
export const MAX_BACK_BUNDLE_BYTES = 4_194_304
export const MAX_BACK_PART_BYTES = 900_000
export const MAX_BACK_PARTS = 5
export const MAX_BUNDLE_THINGS = 4_000
export const MAX_PACKED_THINGS = 24_000
export const MAX_PACKED_BYTES = 33_554_432
export const MAX_PACKED_RUN_BYTES = 1_048_576

// Addresses
export const MAX_RELAYS = 3
export const MAX_ADDRESS_BYTES = 384
export const MAX_OFFER_ADDRESSES = 8
export const MAX_PEER_ID_BYTES = 64

// Identity and invitations
export const MAX_CERTIFICATE_BODY_BYTES = 256
export const MAX_CERTIFICATE_BYTES = 384
export const MAX_CHAIN_CERTIFICATES = 8
export const MAX_CHAIN_BYTES = 4_096
export const MAX_LINK_BYTES = 1_536
export const MAX_LINK_CHARACTERS = 4_096
export const MAX_INVITATION_USES = 20
export const MAX_KEY_PACKAGE_BYTES = 8_192
export const MAX_INVITATION_BYTES = 131_008
export const MAX_POW_BITS = 24

// Mailboxes
export const MAX_MAILBOX_PARAMETERS_BYTES = 18_432
export const MAX_WRITE_KEYS = 512
export const MAX_AUTHS = 256
export const MAX_SUBSCRIBED_MAILBOXES = 256
export const MAX_GET_ENTRIES = 64
export const MAX_LISTING_ENTRIES = 256
export const MAX_BLOB_BYTES = 131_072
export const MAX_OPERATION_BYTES = 131_328
export const MAX_REQUEST_BYTES = 163_840
export const MAX_SERVER_FRAME_BYTES = 1_052_672

// Direct paths
export const MAX_HELLO_CLAIMS = 16
export const MAX_HELLO_SEALED_BYTES = 512
export const MAX_HELLO_PROOF_BYTES = 256
export const MAX_HELLO_BYTES = 16_384
export const MAX_EVENTS_FRAME_BYTES = 16_448
export const MAX_CREDIT_BYTES = 1_048_576
/** Devices that one word of what was read speaks of. */
export const MAX_READ_MARKS = 512

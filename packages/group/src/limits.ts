/** Devices in one conversation. */
export const MAX_DEVICES = 512
/** An encoded device chain. */
export const MAX_CREDENTIAL = 16_384
export const MAX_KEY_PACKAGE = 65_536
export const MAX_WELCOME = 2_097_152
export const MAX_COMMIT = 2_097_152
/** Application plaintext; the sealed message may be `MESSAGE_OVERHEAD` longer. */
export const MAX_PLAINTEXT = 1_048_576
export const MESSAGE_OVERHEAD = 66_560
/** Authenticated data of a message or of a commit. */
export const MAX_AUTHENTICATED = 65_536
/** An encoded state with all skipped keys of the largest conversation. */
export const MAX_STATE = 67_108_864
/** Message keys that are kept for messages that have not come yet, per author and epoch. */
export const SKIPPED_KEYS = 5000
/** Steps that one message may turn its author's ratchet. */
export const FORWARD_STEPS = 1000
/** Proposals of one commit: as many as the rules let it add and remove. */
export const MAX_PROPOSALS = 512
/** Nodes of an UpdatePath: a tree of so many devices, and one that an Add has just doubled, is less deep. */
export const MAX_PATH_NODES = 12
/** Entries of each list of a leaf's capabilities. Ours has one of each kind. */
export const MAX_CAPABILITIES = 64

import type { Result } from '@sotto/interface'

/** Why bytes of somebody else were refused. Values, because a remote peer can cause each of them. */
export type GroupReason =
  | 'not-a-message' // not an MLS message of the kind that was expected, or not exactly one
  | 'too-large'
  | 'wrong-conversation'
  | 'wrong-epoch' // of another epoch number; a sibling epoch with the same number is 'undecryptable'
  | 'undecryptable' // not sealed under this epoch's keys, or changed on the way
  | 'bad-signature'
  | 'replayed' // its key is used up (opened before), or was dropped after 5,000 skipped ones
  | 'too-far' // more than 1,000 steps ahead in its author's ratchet
  | 'bad-credential' // the authentication service refused a leaf
  | 'bad-tree' // a ratchet tree that breaks RFC 9420 or our caps
  | 'bad-commit' // a commit that breaks RFC 9420 or our rules
  | 'bad-key-package'
  | 'expired-key-package'
  | 'wrong-key-package' // the Welcome is for another key package
  | 'wrong-generation' // the Welcome tells of another generation than the epoch opens
  | 'removed' // an authentic commit that takes this device out
  | 'unknown-member'
  | 'already-member'
  | 'too-many-members'
  | 'malformed' // stored bytes that are no state

export type GroupResult<T> = Result<T, GroupReason>

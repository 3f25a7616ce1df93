import type { DeviceId } from '@sotto/interface'
import type { Retirement } from '../profile.ts'
import type { Conversation } from './conversation.ts'

/** Ways out of a conversation, given by the client that owns it. None of them is awaited inside the lane. */
export interface Outlet {
  /** True when something sealed now could leave: a relay of the conversation answers, or a direct path is open. */
  canSend(conversation: Conversation): boolean
  /** True when every live device of the others has a direct path to us. */
  isDirect(conversation: Conversation): boolean
  /** The outbox has something new. */
  wake(conversation: Conversation): void
  /** Core's next moment of its own is another one than before. */
  tickLater(conversation: Conversation): void
  /** An inner item for one device, over its direct path; false, and lost, if there is none. */
  tell(conversation: Conversation, device: DeviceId, inner: Uint8Array): boolean
  /** The other side has said yes: from now on direct paths are looked for. */
  accepted(conversation: Conversation): void
  /** A new generation: its mailboxes are to be made and read. */
  renewed(conversation: Conversation): void
  /** We are out of it: nothing of it is read or sent any more. */
  ended(conversation: Conversation): void
  /** Another epoch's state is here: what waited for it may be applied. */
  entered(conversation: Conversation): void
  /** Work that is due after that many milliseconds, unless we have stopped by then. */
  later(ms: number, work: () => Promise<unknown>): void
  /** It has followed all that it knows: time to look who has not, as soon as everything at a relay has been read. */
  attend(conversation: Conversation): void
  /** Something in it asks this device to do something elsewhere. */
  errands(): void
  /** A newer copy of this store exists, or another device of the account has revoked this one. */
  retire(why: Retirement): void
}

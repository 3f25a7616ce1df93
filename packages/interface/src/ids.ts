declare const brand: unique symbol

/** Lower-case hex of a fixed number of bytes, told apart by its brand so that one id cannot stand where another belongs. */
export type Hex<Brand extends string> = string & { readonly [brand]: Brand }

/** Ed25519 public key of an account (32 bytes). */
export type AccountId = Hex<'account'>
/** Ed25519 public key of a device, which is also its MLS signature key (32 bytes). */
export type DeviceId = Hex<'device'>
/** MLS group id, chosen at random by the founder (32 bytes). */
export type ConversationId = Hex<'conversation'>
/** MLS exporter value of one epoch (32 bytes): names a state, also across forks. */
export type EpochId = Hex<'epoch'>
/** Names a generation without giving its secret (16 bytes). */
export type GenerationId = Hex<'generation'>
/** SHA-256 of a record of a ratchet tree's subtree. */
export type TreeNodeId = Hex<'treeNode'>
/** SHA-256 of an event's header bytes (32 bytes). */
export type EventId = Hex<'event'>
/** SHA-256 of a control thing's signed bytes (32 bytes). */
export type ThingId = Hex<'thing'>
/** SHA-256 of an inner item, the deduplication key over all paths (32 bytes). */
export type InnerId = Hex<'inner'>
/** SHA-256 of a mailbox's parameters (32 bytes). */
export type MailboxId = Hex<'mailbox'>
/** Names an invitation on its inviter's device (16 bytes). Never on the wire. */
export type InvitationId = Hex<'invitation'>
/** Names a request on the device that received it (32 bytes: the inner id of the knock). */
export type RequestId = Hex<'request'>
/** A relay's libp2p PeerId in its text form (base58 or base36). */
export type RelayId = string & { readonly [brand]: 'relay' }
/** A multiaddr in text form that ends in `/p2p/<peer id>`. */
export type Address = string & { readonly [brand]: 'address' }

/** libp2p protocol ids. A number changes only when the wire changes in a way that older peers cannot read. */
export const MAILBOX_PROTOCOL = '/sotto/mailbox/1'
export const HELLO_PROTOCOL = '/sotto/hello/1'
export const EVENTS_PROTOCOL = '/sotto/events/1'
/** Followed by the name of a topic: a protocol for each, so that a peer learns only of topics that it is in as well. */
export const GOSSIP_PROTOCOL = '/sotto/gossip/1/'

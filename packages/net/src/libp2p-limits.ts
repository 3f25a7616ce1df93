// What libp2p does for whoever asks, and how much of it. LIMITS.md says why.

export const STREAMS_AT_ONCE = 256
export const STREAMS_PER_SECOND = 64
export const RELAY_STREAMS_AT_ONCE = 64
export const RELAY_STREAMS_PER_SECOND = 16
export const MAX_REFUSED_STREAMS = 4
export const MAX_ECHO_BYTES = 1_024
export const MAX_HOP_REQUEST_BYTES = 2_048
export const MAX_HOP_ANSWER_BYTES = 8_192
export const MAX_STOP_BYTES = 2_048
export const MAX_SIGNALLING_BYTES = 16_384

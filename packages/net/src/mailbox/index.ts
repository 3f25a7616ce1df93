export { openMailboxSession, type MailboxSession, type MailboxSessionInit, type SessionEnd } from './session.ts'
export { mailboxServer, type MailboxServer, type MailboxServerComponents, type MailboxServerInit } from './server.ts'
export type { MailboxService, NewBlob, NewEntry, ServiceResult } from './service.ts'
export { openFrames, type Frames, type FramesInit } from '../frames.ts'

/** What is said before there is a messenger: opening, locked, in another tab, not possible. */
export const sessionStrings = {
  starting: 'Opening your messages…',
  missingTitle: 'Sotto cannot run in this browser as it is',
  missingLead: 'What is missing:',
  missingEnd:
    'A current Chrome, Edge, Firefox or Safari, opened at an https address or on this computer, has all of it.',
  missing: {
    'secure-context': 'A secure address. This page was opened over plain http; open it with https, or at 127.0.0.1.',
    opfs: 'Private file storage (OPFS). Messages are kept encrypted in it. Private windows of some browsers switch it off.',
    locks: 'Web Locks. They keep two tabs from writing to your messages at once.',
    webrtc: 'WebRTC. Your messages go directly from your browser to the other person’s with it.',
    crypto: 'Web Crypto. Your keys are locked to this browser with it.',
  },
  elsewhereTitle: 'Sotto is open in another tab',
  elsewhereText:
    'That tab does not answer: it may be waiting for you, or be an older page. Look there, close it, or go on in this one.',
  interrupted:
    'The tab that was doing this was closed in the middle of it. Look whether it was done; if not, do it again.',
  useHere: 'Use it here',
  takingOver: 'The other tab is closing its work…',
  failedTitle: 'Sotto could not start',
  lockedTitle: 'Your messages are locked',
  lockedLead: 'Type your passphrase to open them. It never leaves this browser.',
  passphraseMissing: 'Type your passphrase first.',
  unlock: 'Open',
  unlocking: 'Opening…',
} as const

/** Every sentence of the page, in one place: what a person reads is decided here and nowhere else. */
export const strings = {
  product: 'Sotto',
  unexpected: 'Something went wrong here that Sotto did not expect. Load the page again; your messages are kept.',
  close: 'Close',
  back: 'Back to the conversations',
  cancel: 'Cancel',
  retry: 'Try again',

  session: {
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
    stoppedTitle: 'Sotto was stopped here',
  },

  welcome: {
    title: 'Welcome to Sotto',
    lead: 'Private messages between people. No account, no phone number, no server that can read along.',
    name: 'Your name',
    nameHint: 'Only people whom you invite, or who invite you, see it.',
    start: 'Start',
    nameMissing: 'Type a name first, so that people know who writes to them.',
    nameTooLong: 'That name is too long. Use at most 64 characters.',
  },

  empty: {
    title: 'Nobody here yet',
    text: 'You talk with people by invitation only. Nobody can find you or write to you without one.',
    pick: 'Pick a conversation, or invite someone.',
  },

  invite: {
    action: 'Invite someone',
    title: 'Invite someone',
    lead: 'Show this code, or send the link in any way you like. Whoever opens it can say hello; you decide whether to answer.',
    making: 'Making an invitation…',
    link: 'Invitation link',
    copy: 'Copy link',
    copied: 'Link copied',
    copyFailed: 'The browser did not let Sotto copy. The link is selected now: copy it with your keyboard.',
    qr: 'QR code of the invitation link',
    terms: (left: number, until: string): string =>
      `${left === 1 ? 'Works once' : `Works for ${left} more people`}, until ${until}.`,
    offline: 'It also works while you are offline: the hello waits for you at the relay.',
    revoke: 'Take it back',
    another: 'Make a new one',
    states: {
      open: 'Open',
      used: 'This invitation was used. Make a new one for the next person.',
      expired: 'This invitation has expired. Make a new one.',
      revoked: 'You took this invitation back. Its link does nothing any more.',
    },
    answered: (name: string): string => `${name} says hello`,
    see: 'See it',
  },

  join: {
    action: 'I have an invite',
    title: 'Answer an invitation',
    lead: 'Paste the link that you were given.',
    link: 'Invitation link',
    linkMissing: 'Paste an invitation link first.',
    check: 'Continue',
    checking: 'Looking at the invitation…',
    invited: (name: string): string => `${name} invites you`,
    until: (when: string): string => `The invitation is open until ${when}.`,
    explain: (name: string): string => `${name} sees your name and your hello, and then decides whether to answer.`,
    name: 'Your name',
    hello: 'Your hello',
    helloDefault: 'Hello!',
    send: 'Say hello',
    sending: 'Leaving your hello…',
    refused: 'This invitation does not work',
    own: 'This is your own invitation. Send its link to the person whom you want to talk with.',
    other: 'Use another link',
    notNow: 'Not now',
  },

  requests: {
    heading: 'Requests',
    title: (name: string): string => `${name} says hello`,
    came: (when: string): string => `Came ${when}`,
    explain: (name: string): string => `${name} used your invitation. Nothing goes back to them until you accept.`,
    accept: 'Accept',
    decline: 'Decline',
    block: 'Block',
    blockTitle: (name: string): string => `Block ${name}?`,
    blockText: (name: string): string =>
      `Nothing that ${name} sends will reach you any more. They are not told. This cannot be taken back here.`,
    view: 'View',
    toast: (name: string): string => `${name} wants to talk with you`,
    row: (name: string): string => `Request from ${name}`,
  },

  retired: {
    banner:
      'This copy of Sotto is retired: a newer copy of its data was seen elsewhere. You can read here, but nothing can be sent from here any more.',
    composer: 'Nothing can be sent from this copy of Sotto any more.',
  },

  list: {
    title: 'Chats',
    landmark: 'Conversations',
    menu: 'Menu',
    add: 'Invite someone or answer an invitation',
    you: (text: string): string => `You: ${text}`,
    nothingYet: 'No messages yet',
    requested: (name: string): string => `Waiting for ${name} to accept`,
    ended: 'Ended',
    unread: (count: number): string => `${count} unread`,
    rename: 'Change your name',
    renameSave: 'Save',
    recovery: 'Recovery words',
    connection: 'Connection',
    verified: 'Verified',
  },

  states: {
    queued: 'Queued on this device',
    sent: 'Sent: stored at a relay',
    delivered: 'Delivered',
    read: 'Read',
  },

  conversation: {
    block: (name: string): string => `Block ${name}`,
    landmark: 'Conversation',
    log: (name: string): string => `Messages with ${name}`,
    direct: 'Direct connection',
    relayed: 'Via relay',
    waiting: (name: string): string => `Waiting for ${name}’s device`,
    offline: 'Offline',
    offlineWaiting: 'Offline · messages are kept here and go out later',
    safety: 'Safety number',
    safetyOf: (name: string): string => `Safety number with ${name}`,
    today: 'Today',
    yesterday: 'Yesterday',
    you: 'You',
    newMessages: 'New messages',
    missing: (count: number, name: string): string =>
      count === 1
        ? `A message from ${name} is missing. It appears here when it comes.`
        : `${count} messages from ${name} are missing. They appear here when they come.`,
    older: 'Earlier messages',
    latest: 'To the newest message',
    requested: (name: string): string =>
      `${name} has not accepted yet. Your hello waits at the relay, also while you are away.`,
    ended: 'This conversation has ended. Nothing more is sent or received in it.',
    hello: (name: string): string => `You and ${name} are connected. Only your devices can read what is written here.`,
    message: (name: string): string => `Message ${name}`,
    placeholder: 'Message',
    send: 'Send',
    tooLong: (over: string): string => `This message is ${over} too long. Send it in parts.`,
    room: (left: string): string => `${left} left`,
    gone: 'This conversation is not here any more.',
  },

  safety: {
    title: 'Safety number',
    lead: (name: string): string =>
      `Compare these numbers with the ones ${name} sees: side by side, or in a call. If they are equal, nobody sits between you.`,
    digits: 'Safety number in groups of five digits',
    qr: 'QR code of the safety number',
    verify: 'Mark as verified',
    verified: 'Verified: you compared this number.',
    unverified: 'Not compared yet.',
    loading: 'Working it out…',
  },

  connection: {
    title: 'Connection',
    connecting: 'Connecting…',
    connected: 'Connected',
    offline: 'Offline · messages are sent later',
    direct: (count: number): string => `${count} direct`,
    relayed: (count: number): string => `${count} via relay`,
    relays: 'Relays',
    relaysText:
      'A relay keeps sealed messages for people who are away. It cannot read them, and does not know your name.',
    noRelays: 'No relay is set. Messages go only to people who are connected directly.',
    reachable: 'Reachable',
    unreachable: (problem: string): string => `Not reachable: ${problem}`,
    trying: 'Connecting…',
    people: 'People',
    noPeople: 'Nobody yet.',
    waiting: 'Waiting to leave',
    nothingWaiting: 'Nothing waits. Everything that you wrote has left this device.',
    waitingRow: (count: number, what: string): string =>
      `${count === 1 ? '1 message' : `${count} messages`} for ${what}`,
    words: { direct: 'Direct', relayed: 'Via relay', none: 'Offline' },
  },

  recovery: {
    title: 'Recovery words',
    lead: 'These 24 words are your account: with them you can be yourself again on a new device. Write them on paper, in this order, and show them to nobody.',
    once: 'Sotto keeps no copy. They can be shown only until you close or reload this page.',
    words: 'Your recovery words, in order',
    strip: 'Write down your recovery words',
    show: 'Show',
    done: 'I have written them down',
  },

  notices: { label: 'Notices', dismiss: 'Dismiss' },
} as const

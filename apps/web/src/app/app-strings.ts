/** What the frame around the features says. */
export const appStrings = {
  product: 'Sotto',
  conversations: 'Conversations',
  pick: 'Pick a conversation, or invite someone.',
  gone: 'This conversation is not here any more.',
  retired:
    'This copy of Sotto is retired: a newer copy of its data was seen elsewhere. You can read here, but nothing can be sent from here any more.',
  revoked:
    'This device was revoked by another of your devices. You can read here what has come, but nothing comes or can be sent any more.',
} as const

/** The recovery words, in the page that made the account. */
export const recoveryStrings = {
  title: 'Recovery words',
  lead: 'These 24 words are your account: with them you can be yourself again on a new device. Write them on paper, in this order, and show them to nobody.',
  once: 'Sotto keeps no copy. They can be shown only until you close or reload this page.',
  words: 'Your recovery words, in order',
  strip: 'Write down your recovery words',
  show: 'Show',
  done: 'I have written them down',
} as const

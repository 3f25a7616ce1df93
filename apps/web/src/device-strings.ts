/** The rest of `strings.ts`, which is full: what is said of devices that are an account's no more. */
export const deviceStrings = {
  out: 'Devices that are out',
  outText:
    'Revoked or lost: nothing that is written now reaches them, and what they send counts for nothing. They keep what they had.',
} as const

import { isolated } from '../../client/isolated.ts'

/** Comparing the safety number. */
export const safetyStrings = {
  title: 'Safety number',
  lead: (name: string): string =>
    `Compare these numbers with the ones ${isolated(name)} sees: side by side, or in a call. If they are equal, nobody sits between you.`,
  digits: 'Safety number in groups of five digits',
  qr: 'QR code of the safety number',
  verify: 'Mark as verified',
  verified: 'Verified: you compared this number.',
} as const

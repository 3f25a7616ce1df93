import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { ok, refuse, type Random, type Result } from '@sotto/interface'

import { derive } from './derive.ts'

const WORDS = 24
const LABEL = 'sotto/account/1'

/** Why a text is no recovery phrase. `bad-checksum`: all words exist, but some word or their order is wrong. */
export type PhraseReason = 'not-24-words' | 'unknown-word' | 'bad-checksum'

/** The two keys of an account. Both are secret; neither is kept on a device after it has been set up. */
export interface AccountSeeds {
  /** Ed25519 seed of the account key. */
  readonly identitySeed: Uint8Array
  /** Key of the account's backups. */
  readonly backupSeed: Uint8Array
}

/** A new account, which is its recovery phrase: 24 English words (BIP-39) for 32 random bytes. */
export function createAccount({ random }: { random: Random }): { phrase: string } {
  return { phrase: entropyToMnemonic(random.bytes(32), wordlist) }
}

/**
 * The keys of a recovery phrase, as a person typed it: case and spaces do not matter.
 * They come from the phrase's 32 bytes by HKDF. BIP-39's own seed (PBKDF2) is not used: it hardens weak phrases, and
 * ours has all its 256 bits from the random source.
 */
export function accountFromPhrase(phrase: string): Result<AccountSeeds, PhraseReason> {
  const words = wordsIn(phrase)
  if (words.length !== WORDS) return refuse('not-24-words')
  if (words.some(isUnknown)) return refuse('unknown-word')
  const entropy = entropyOf(words)
  if (entropy === undefined) return refuse('bad-checksum')
  return ok({ identitySeed: derive(entropy, LABEL, 'identity'), backupSeed: derive(entropy, LABEL, 'backup') })
}

/** Which words of a phrase are none: their places, from 1. For whoever has to look at them again, since the words themselves are secret. */
export function unknownWords(phrase: string): readonly number[] {
  return wordsIn(phrase).flatMap((word, at) => (isUnknown(word) ? [at + 1] : []))
}

/** The words of a phrase as a person typed it, in small letters. */
export function wordsIn(phrase: string): string[] {
  return phrase.normalize('NFKD').toLowerCase().match(/\S+/g) ?? []
}

function isUnknown(word: string): boolean {
  return !wordlist.includes(word)
}

function entropyOf(words: readonly string[]): Uint8Array | undefined {
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    return undefined // The library's only way to say that the checksum is wrong.
  }
}

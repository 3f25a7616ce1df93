import { nobleCrypto, platformCrypto, platformKems, type KemSubtle } from '@sotto/group'
import type { Clock, Crypto, Logger, Random } from '@sotto/interface'

/** What a platform's timers can count; with more they would run at once. */
const MAX_TIMER_MS = 2_147_483_647

/** The browser's clocks and timers. */
export const browserClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

export const browserRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** The browser's Ed25519 and key encapsulations where it has them, else ours. */
export async function browserCrypto(): Promise<Crypto> {
  // The cast: TypeScript does not know the modern algorithms of WebCrypto yet; whether they are there is tried.
  const kems = await platformKems(crypto.subtle as unknown as Partial<KemSubtle>)
  return { ...(await browserEd25519()), ...(kems === undefined ? {} : { kems }) }
}

async function browserEd25519(): Promise<Crypto> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    return platformCrypto(crypto.subtle)
  } catch {
    return nobleCrypto
  }
}

/** The console, by scope. */
export function consoleLogger(scope = 'sotto'): Logger {
  return {
    debug: (message, fields) => console.debug(scope, message, fields ?? ''),
    info: (message, fields) => console.info(scope, message, fields ?? ''),
    warn: (message, fields) => console.warn(scope, message, fields ?? ''),
    scope: (inner) => consoleLogger(`${scope}:${inner}`),
  }
}

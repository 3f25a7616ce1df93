import { SottoError } from '@sotto/interface'
import { sentenceOf } from '../client/sentence-of.ts'
import { linkingStrings } from './linking-strings.ts'
import { openWhenFree } from './open-when-free.ts'

/** What a person sees while this device waits to be linked. */
export interface LinkingState {
  /** None while it is being made, and none any more once it has come to nothing. */
  readonly code: string | undefined
  /** Why it has come to nothing. */
  readonly problem: string | undefined
}

/** Makes this browser a device of the account of whoever answers the code; rejects when `signal` aborts. */
export type Link = (
  about: { onCode(code: string): void },
  options: { signal: AbortSignal },
) => Promise<{ readonly name: string }>

export type Linked =
  | { readonly kind: 'linked'; readonly name: string }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'given up' }

/** One code, shown until it is answered, expires or is given up. Never rejects. */
export async function linkHere(
  link: Link,
  show: (state: LinkingState) => void,
  options: { signal: AbortSignal },
): Promise<Linked> {
  let code: string | undefined
  const onCode = (made: string) => {
    code = made
    if (!options.signal.aborted) show({ code: made, problem: undefined })
  }
  try {
    const { name } = await openWhenFree(() => link({ onCode }, options))
    return { kind: 'linked', name }
  } catch (error) {
    if (options.signal.aborted) return { kind: 'given up' }
    // Nobody gave it up, and a code was on show: it is its time that has passed.
    const isExpired = code !== undefined && error instanceof SottoError && error.code === 'no-answer'
    return { kind: 'failed', problem: isExpired ? linkingStrings.expired : sentenceOf(error) }
  }
}

/** A part of a message: plain, or an address that may be opened. The texts of all parts together are the message. */
export interface TextPart {
  readonly text: string
  /** Where a click leads; only ever http or https. */
  readonly href?: string
}

/** Longer addresses stay plain text: looking for what ends them must not take long. */
const MAX_LENGTH = 2_048
const CANDIDATE = /https?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu
/** What ends a sentence rather than an address. */
const AFTER = /[.,;:!?…»”’*_~]+$/u

/**
 * Finds web addresses in what somebody wrote. They lead where they say: none with a name and password before the host, and none whose host
 * is another one for the browser than for the eye, as one in letters that look like others.
 */
export function linkedText(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = match[0].length > MAX_LENGTH ? '' : trimmed(match[0])
    const href = hrefOf(shown)
    if (href === undefined) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ text: shown, href })
    from = match.index + shown.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** Without the sentence's punctuation, and without a bracket that was opened before the address. */
function trimmed(candidate: string): string {
  let shown = candidate.replace(AFTER, '')
  while (/[)\]}]$/.test(shown) && isUnbalanced(shown)) shown = shown.slice(0, -1).replace(AFTER, '')
  return shown
}

function isUnbalanced(text: string): boolean {
  return (text.match(/[)\]}]/g) ?? []).length > (text.match(/[([{]/g) ?? []).length
}

function hrefOf(shown: string): string | undefined {
  if (!URL.canParse(shown)) return undefined
  const { protocol, username, password, hostname, href } = new URL(shown)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  const isPlain = username === '' && password === '' && shown.toLowerCase().startsWith(`${protocol}//${hostname}`)
  return isWeb && isPlain && hostname !== '' ? href : undefined
}

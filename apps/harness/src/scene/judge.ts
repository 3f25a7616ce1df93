import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, type Verdict } from '../history/check.ts'
import type { Entry, Kind } from '../history/entry.ts'
import type { History } from '../history/history.ts'
import { NotHeld, type Figures } from '../scenarios/scenario.ts'

/** More than these would hide what came first. */
const MOST_TOLD = 20

/** Has the checker look at a history, and tells its verdict. Throws {@link NotHeld}, and keeps the history in a file, unless it holds. */
export function judge({ entries }: History, tell: (line: object, text: string) => void): Figures {
  const verdict = check(entries)
  const figures = figuresOf(entries, verdict)
  tell({ verdict }, `The checker's verdict: ${wordsOf(verdict)}`)
  if (verdict.holds) return figures
  const file = join(mkdtempSync(join(tmpdir(), 'sotto-history-')), 'history.jsonl')
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  const told = verdict.violations.slice(0, MOST_TOLD).map(({ rule, sentence }) => `${rule}: ${sentence}`)
  throw new NotHeld(`${told.join('\n')}\nThe whole history is in ${file}.`, figures)
}

function wordsOf({ holds, violations, looks }: Verdict): string {
  const rules = Object.entries(looks).map(([rule, count]) => `${rule} ${count}`)
  const looked = `It compared: ${rules.join(', ')}.`
  if (!holds) return `${violations.length} violations. ${looked}`
  return `nothing lost, nothing twice, order respected, no tick that lied, rosters equal, own devices agree. ${looked}`
}

function figuresOf(entries: readonly Entry[], { violations, looks }: Verdict): Figures {
  const count = (isOne: (entry: Entry) => boolean): number => entries.filter(isOne).length
  const refs = new Set(entries.flatMap((entry) => (entry.type === 'ask' && entry.do === 'send' ? [entry.ref] : [])))
  const whoAre = (kind: Kind): ReadonlySet<string> =>
    new Set(entries.flatMap((entry) => (entry.type === 'start' && entry.kind === kind ? [entry.who] : [])))
  const [relays, pages] = [whoAre('relay'), whoAre('page')]
  const isKill = (entry: Entry): boolean => entry.type === 'gone' && entry.signal === 'SIGKILL'
  return {
    peers: count(({ type }) => type === 'account'),
    messages: count((entry) => entry.type === 'answer' && entry.ok && refs.has(entry.ref)),
    unanswered: refs.size - count((entry) => entry.type === 'answer' && refs.has(entry.ref)),
    peersKilled: count((entry) => isKill(entry) && !relays.has(entry.who)),
    pagesKilled: count((entry) => isKill(entry) && pages.has(entry.who)),
    relaysKilled: count((entry) => isKill(entry) && relays.has(entry.who)),
    notices: count((entry) => entry.type === 'told' && entry.line['type'] === 'notice'),
    compared: Object.values(looks).reduce((sum, each) => sum + each, 0),
    violations: violations.length,
  }
}

import type { GapSnapshot, MessageSnapshot, RowSnapshot } from '@sotto/client'
import type { AccountId } from '@sotto/interface'
import { ownMark } from '../../client/own-mark.ts'
import type { OwnMark } from '../../client/own-mark.ts'
import { clockTime, dayName, daysBetween } from '../../ui/time.ts'
import { conversationStrings } from './conversation-strings.ts'
import { lineStrings } from './line-strings.ts'
import { lineText } from './line-text.ts'

export interface Bubble {
  readonly id: string
  readonly own: boolean
  readonly author: string
  readonly text: string
  readonly time: string
  /** Of an own message: how far it has come. */
  readonly mark: OwnMark | undefined
  /** In groups others' names stand above what they wrote. */
  readonly isNamed: boolean
  /** True when it goes on where the one above it stopped: same author, within five minutes. */
  readonly continues: boolean
}

export type TimelineItem =
  | { readonly kind: 'day' | 'gap' | 'new' | 'line'; readonly key: string; readonly text: string }
  | { readonly kind: 'bubble'; readonly key: string; readonly bubble: Bubble }

export interface TimelineWords {
  readonly now: number
  nameOf(account: AccountId): string
  isSelf(account: AccountId): boolean
  readonly isGroup: boolean
  /** Id of the first message that was unread when the conversation was opened. */
  readonly firstNew: string | undefined
}

const FIVE_MINUTES = 300_000

/** The rows of a conversation with the lines between them: days, gaps, where the unread ones begin. */
export function timeline(rows: readonly RowSnapshot[], words: TimelineWords): TimelineItem[] {
  const items: TimelineItem[] = []
  let above: MessageSnapshot | undefined
  let day: number | undefined
  const dayLine = (key: string, at: number): boolean => {
    const isNew = day === undefined || daysBetween(day, at) !== 0
    day = at
    if (isNew) items.push({ kind: 'day', key: `day-${key}`, text: dayName(at, words.now) })
    return isNew
  }
  rows.forEach((row, index) => {
    if (isGap(row)) {
      const text = conversationStrings.missing(row.missing, words.nameOf(row.author))
      items.push({ kind: 'gap', key: `gap-${row.author}-${index}`, text })
      above = undefined
      return
    }
    if (!isMessage(row)) {
      dayLine(row.id, row.at)
      items.push({ kind: 'line', key: row.id, text: lineText(row, words) })
      above = undefined
      return
    }
    const isNewDay = dayLine(row.id, row.sentAt)
    const isFirstNew = row.id === words.firstNew && index > 0
    if (isFirstNew) items.push({ kind: 'new', key: 'new', text: conversationStrings.newMessages })
    const continues = !isNewDay && !isFirstNew && above !== undefined && follows(above, row)
    items.push({ kind: 'bubble', key: row.id, bubble: bubbleOf(row, continues, words) })
    above = row
  })
  return items
}

/** The message at which the unread ones begin, counted from the end. */
export function firstUnread(rows: readonly RowSnapshot[], unread: number): string | undefined {
  const others = rows.filter(isMessage).filter((message) => !message.own)
  return unread > 0 ? others.at(-unread)?.id : undefined
}

export function isMessage(row: RowSnapshot): row is MessageSnapshot {
  return 'author' in row && 'id' in row
}

function isGap(row: RowSnapshot): row is GapSnapshot {
  return 'missing' in row
}

function follows(above: MessageSnapshot, row: MessageSnapshot): boolean {
  return above.author === row.author && Math.abs(row.sentAt - above.sentAt) < FIVE_MINUTES
}

function bubbleOf(row: MessageSnapshot, continues: boolean, words: TimelineWords): Bubble {
  return {
    id: row.id,
    own: row.own,
    author: row.own ? lineStrings.You : words.nameOf(row.author),
    text: row.text,
    time: clockTime(row.sentAt),
    mark: ownMark(row),
    isNamed: words.isGroup && !row.own && !continues,
    continues,
  }
}

import type { Line } from '../peers/lines.ts'
import type { Entry, Happened } from './entry.ts'

type Rows = readonly Line[]
/** Makes a bad history of a good one. */
export type Plant = (entries: readonly Entry[]) => Entry[]
type Is = (entry: Entry) => boolean

/** Changes the rows of somebody's list; −1: of the last. */
export function edit(who: string, at: number, change: (rows: Rows) => Rows): Plant {
  return editAnswers(who, 'messages', at, change)
}

/** Changes the members in somebody's last list of conversations. */
export function roster(who: string, change: (members: Rows) => Rows): Plant {
  return editAnswers(who, 'conversations', -1, ([row = {}]) => [{ ...row, members: change(row['members'] as Rows) }])
}

/** Changes the title in somebody's last list of conversations. */
export function retitled(who: string, title: string): Plant {
  return editAnswers(who, 'conversations', -1, ([row = {}]) => [{ ...row, title }])
}

function editAnswers(who: string, intent: string, at: number, change: (rows: Rows) => Rows): Plant {
  return (entries) => {
    const asked = entries.filter((entry) => entry.who === who && entry.type === 'ask' && entry.do === intent).at(at)
    return entries.map((entry) =>
      entry.type === 'answer' && asked?.type === 'ask' && entry.ref === asked.ref
        ? { ...entry, line: { rows: change(entry.line['rows'] as Rows) } }
        : entry,
    )
  }
}

export function without(id: string): (rows: Rows) => Rows {
  return (rows) => rows.filter((row) => row['id'] !== id)
}

export function changed(id: string, fields: Line): (rows: Rows) => Rows {
  return (rows) => rows.map((row) => (row['id'] === id ? { ...row, ...fields } : row))
}

export function swap(one: number, other: number): (rows: Rows) => Rows {
  return (rows) => rows.map((row, at) => (at === one ? rows[other] : at === other ? rows[one] : undefined) ?? row)
}

export function both(one: Plant, other: Plant): Plant {
  return (entries) => other(one(entries))
}

export function all(...plants: readonly Plant[]): Plant {
  return (entries) => plants.reduce((before, plant) => plant(before), [...entries])
}

/** Leaves out the last one. */
export function dropLast(is: Is): Plant {
  return (entries) => entries.toSpliced(entries.findLastIndex(is), 1)
}

/** Something more, right after the first of these. */
export function after(is: Is, happened: Happened & { who: string }): Plant {
  return (entries) => entries.toSpliced(entries.findIndex(is) + 1, 0, { at: 0, ...happened })
}

/** Somebody is told it in other words. */
export function toldAs(who: string, id: string, fields: Line): Plant {
  const is = isTold(who, id)
  return (entries) =>
    entries.map((entry) =>
      entry.type === 'told' && is(entry) ? { ...entry, line: { ...entry.line, ...fields } } : entry,
    )
}

export function drop(is: Is): Plant {
  return (entries) => entries.filter((entry) => !is(entry))
}

/** Something more at the end. */
export function add(happened: Happened & { who: string }): Plant {
  return (entries) => [...entries, { at: entries.length, ...happened }]
}

/** Once more at the end. */
export function repeat(is: Is): Plant {
  return (entries) => [...entries, ...entries.filter(is)]
}

/** The one in the place of the other. */
export function exchange(one: Is, other: Is): Plant {
  return (entries) => {
    const [first, second] = [entries.find(one), entries.find(other)]
    return entries.map((entry) => (entry === first ? second : entry === second ? first : undefined) ?? entry)
  }
}

export function isTold(who: string, id: string): Is {
  return (entry) => entry.who === who && entry.type === 'told' && entry.line['id'] === id
}

/** Its author was told that it has reached that. */
export function isState(message: string, state: string): Is {
  return ({ type, ...entry }) =>
    type === 'told' && 'line' in entry && entry.line['message'] === message && entry.line['state'] === state
}

export function isAsk(who: string, intent: string): Is {
  return (entry) => entry.who === who && entry.type === 'ask' && entry.do === intent
}

/** The answer to the text of that message. */
export function isAnswer(who: string, message: string): Is {
  return (entry) => entry.who === who && entry.type === 'answer' && entry.line['message'] === message
}

/** The text of that message was not taken. */
export function refuse(who: string, message: string): Plant {
  const is = isAnswer(who, message)
  return (entries) =>
    entries.map((entry) =>
      entry.type === 'answer' && is(entry) ? { ...entry, ok: false, line: { message: 'No.' } } : entry,
    )
}

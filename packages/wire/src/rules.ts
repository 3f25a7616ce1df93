import type { Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import type { DecodeReason } from '@sotto/interface'

/** Why a value is not allowed, or `undefined` when it is. */
export type Rule<T> = (value: T) => DecodeReason | undefined

/** One rule for each field, so that a field without a rule does not compile. */
export type Rules<M extends Message> = {
  readonly [Field in keyof Omit<M, '$typeName' | '$unknown'>]-?: Rule<M[Field]>
}

type Oneof = { case: string; value?: unknown } | { case: undefined; value?: undefined }
type CaseOf<O extends Oneof> = Exclude<O['case'], undefined>

/** The wire types that an unknown field may have: varint, 64 bits, bytes, 32 bits. Groups are not used. */
const PLAIN_WIRE_TYPES: readonly number[] = [0, 1, 2, 5]

/** Anything goes; for fields whose type says it all. */
export function anything(): undefined {
  return undefined
}

/** Bytes of exactly one of the given lengths. */
export function exactly(...lengths: readonly number[]): Rule<Uint8Array> {
  return (bytes) => (lengths.includes(bytes.length) ? undefined : 'bad-length')
}

/** Bytes within a range of lengths. */
export function between(min: number, max: number): Rule<Uint8Array> {
  return (bytes) => (bytes.length >= min && bytes.length <= max ? undefined : 'bad-length')
}

/** A whole number within a range. */
export function within(min: number, max = 0xffff_ffff): Rule<number> {
  return (value) => (Number.isInteger(value) && value >= min && value <= max ? undefined : 'out-of-range')
}

/** A number of items within a range, each by its own rule. */
export function list<T>(min: number, max: number, item: Rule<T>): Rule<readonly T[]> {
  return (items) => {
    if (items.length > max) return 'too-many'
    if (items.length < min) return 'bad-length'
    return firstReason(items, item)
  }
}

/** Well-formed text whose UTF-8 form is within a range of bytes, and that passes `also`. */
export function text(min: number, max: number, also: (text: string) => boolean = () => true): Rule<string> {
  return (value) => {
    if (!isWellFormed(value)) return 'malformed'
    const bytes = utf8Length(value)
    if (bytes < min || bytes > max) return 'bad-length'
    return also(value) ? undefined : 'out-of-range'
  }
}

/** A nested message that must be there. Its unknown fields must have numbers above the known ones, in order. */
export function message<M extends Message>(
  schema: GenMessage<M>,
  rules: Rules<M>,
  whole: Rule<M> = anything,
): Rule<M | undefined> {
  const highest = Math.max(...schema.fields.map((field) => field.number))
  const entries = Object.entries(rules) as [keyof M, Rule<unknown>][]
  return (value) => {
    if (value === undefined) return 'malformed'
    return unknownReason(value, highest) ?? firstReason(entries, ([field, rule]) => rule(value[field])) ?? whole(value)
  }
}

/** What may be absent. */
export function optional<T>(rule: Rule<T | undefined>): Rule<T | undefined> {
  return (value) => (value === undefined ? undefined : rule(value))
}

/** Exactly one of the cases, by its own rule. A case of a later version is refused: nobody could act on it. */
export function oneOf<O extends Oneof>(cases: {
  readonly [Case in CaseOf<O>]: Rule<Extract<O, { case: Case }>['value']>
}): Rule<O> {
  const rules = cases as Readonly<Record<string, Rule<unknown>>>
  return (value) => {
    const rule = value.case === undefined ? undefined : rules[value.case]
    return rule === undefined ? 'malformed' : rule(value.value)
  }
}

/** The first reason among many values. */
export function firstReason<T>(values: Iterable<T>, rule: Rule<T>): DecodeReason | undefined {
  for (const value of values) {
    const reason = rule(value)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Whether a string has no lone surrogate, so that UTF-8 can carry it. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** How many bytes the UTF-8 form of well-formed text has. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Each half of a surrogate pair is one unit here and two of the four bytes there.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

function unknownReason(value: Message, highest: number): DecodeReason | undefined {
  let last = highest
  for (const field of value.$unknown ?? []) {
    if (field.no <= highest || field.no < last || !PLAIN_WIRE_TYPES.includes(field.wireType)) return 'not-canonical'
    last = field.no
  }
  return undefined
}

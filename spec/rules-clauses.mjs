// What each clause of group.md sections 7 to 11 is needed for: rules-clauses.md says which words stand where in the second reading
// (rules-*.mjs), and which history of vectors/rules.json means something else without them.
//
//     node spec/rules-clauses.mjs
//
// takes every clause out alone, and says of which no history changes, and which statements no clause covers. Exit status 1 if there is any.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv, exit, stdout } from 'node:process'

const HERE = import.meta.dirname
const READING = ['rules-check.mjs', 'rules-order.mjs', 'rules-authority.mjs']
const SECTIONS = ['7', '8', '9', '10', '11']

const textOf = (name) => readFileSync(join(HERE, name), 'utf8')
const plain = (text) => text.replaceAll(/\s+/g, ' ').trim()
const count = (text, part) => text.split(part).length - 1

/** Rows of a table, by cells; `\|` is a bar inside one. Code loses its backticks and nothing else. */
function rowsIn(text, cells) {
  const rows = text.split('\n').filter((line) => /^\| (?!---)/.test(line))
  const all = rows.map((row) => row.slice(2, -2).split(/ ?(?<!\\)\| /))
  const code = (cell) => cell.replaceAll('\\|', '|').replace(/^`(.*)`$/, '$1')
  const head = new Set(['clause', 'words'])
  return all.filter((row) => row.length === cells && !head.has(row[0])).map((row) => row.map(code))
}

/** Sections 7 to 11, each as one line of text, and its statements by where they stand. */
export function statementsOf(text) {
  return text.split(/^## /m).flatMap((part) => {
    const [, number] = /^(\d+)\. /.exec(part) ?? []
    if (!SECTIONS.includes(number)) return []
    // Of tables the rows, without their first cells; those of section 7 are forms, which stand in control.proto.
    const rows = part
      .split('\n')
      .slice(1)
      .filter((line) => !line.startsWith('|') || (number !== '7' && !/^\| (?:---|kind)/.test(line)))
    const body = rows.map((line) => line.replace(/^\| [^|]*/, ''))
    const [section] = plain(body.join('\n')).split(' The rules are `packages/group')
    const ends = [...section.matchAll(/(?<=[.;|]) (?=[\p{L}*`|])/gu), { index: section.length }]
    const statements = ends.map(({ index }, i) => ({ from: i === 0 ? 0 : ends[i - 1].index, to: index }))
    return [{ number, section, statements: statements.filter(({ from, to }) => to - from > 14) }]
  })
}

/** What of the sections no words of a table touch. */
export function uncovered(sections, words) {
  return sections.flatMap(({ number, section, statements }) => {
    const spans = words.flatMap((one) => {
      const at = section.indexOf(one)
      return at === -1 ? [] : [{ from: at, to: at + one.length }]
    })
    const isTouched = ({ from, to }) => spans.some((span) => span.from < to && span.to > from)
    return statements
      .filter((one) => !isTouched(one))
      .map(({ from, to }) => `${number}: ${section.slice(from, to).trim()}`)
  })
}

/** The second reading as one module that imports none of its files. */
function reading() {
  const inner = (text) => text.replaceAll(/^export (?=const|function)/gm, '')
  const [check, ...rest] = READING.map(textOf)
  return [...rest.map(inner), check].join('').replaceAll(/^import \{[^}]*\} from '\.\/[^']*'\n/gm, '')
}

/** Whether a history means something else to a reading. One that cannot go on comes to nothing. */
async function changes(text, { things, means }) {
  try {
    const { differences, read } = await import(`data:text/javascript,${encodeURIComponent(text)}`)
    return differences(read(things), means).length > 0
  } catch {
    return true
  }
}

/** What is wrong with the tables. */
export async function complaints() {
  const [document, tables] = [textOf('group.md'), textOf('rules-clauses.md')]
  const source = reading()
  const cases = new Map(JSON.parse(textOf('vectors/rules.json')).cases.map((one) => [one.name, one]))
  const clauses = rowsIn(tables, 4)
  const others = rowsIn(tables, 3)
  const wrong = []
  for (const [words] of [...clauses, ...others])
    if (count(plain(document), words) !== 1) wrong.push(`group.md does not have these words once: ${words}`)
  for (const [words, find, replace, history] of clauses) {
    const example = cases.get(history)
    if (count(source, find) !== 1) wrong.push(`The reading does not have this once: ${find}`)
    else if (example === undefined) wrong.push(`There is no history: ${history}`)
    else if (
      !(await changes(
        source.replace(find, () => replace),
        example,
      ))
    )
      wrong.push(`"${history}" does not need: ${words}`)
  }
  if (await changes(source, cases.get(clauses[0]?.[3]) ?? {})) wrong.push('The reading as it is reads something else.')
  for (const [words, file, name] of others) {
    if (file !== '-' && !textOf(join('..', file)).includes(name))
      wrong.push(`${file} has nothing named "${name}": ${words}`)
  }
  const words = [...clauses, ...others].map(([one]) => one)
  return [...wrong, ...uncovered(statementsOf(document), words).map((one) => `No table has this: ${one}`)]
}

if (argv[1] === import.meta.filename) {
  const wrong = await complaints()
  for (const one of wrong) stdout.write(`${one}\n`)
  exit(wrong.length === 0 ? 0 : 1)
}

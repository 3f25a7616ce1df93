import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

// `docs/what-a-relay-knows.md` names each column on its disk (`storage/database.test.ts`), and, here, each field that clients send it and each line
// of its log.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const page = read('docs/what-a-relay-knows.md')

it('names every field of what a client sends to a relay, and no other', () => {
  const messages = messagesIn(read('packages/wire/proto/sotto/mailbox.proto'))
  const sent = [...(messages.get('Operation') ?? [])].map(({ type }) => type)
  const told = ['Request', 'Auth', ...sent, 'MailboxParameters']
  const lines = told.map((name) => `${name}: ${(messages.get(name) ?? []).map((field) => field.name).join(' ')}`)
  expect(sent.length).toBeGreaterThan(5)
  expect(blockAfter('All fields of all that a client sends')).toBe(lines.join('\n'))
})

it('names every line of its log and every value in one, and no other', () => {
  const sources = ['packages/relay/src/**/*.ts', 'apps/relay/src/**/*.ts', 'packages/net/src/mailbox/**/*.ts']
  const files = sources
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((file) => !file.includes('.test.'))
  const calls = files.flatMap((file) => [
    ...read(file).matchAll(/\.(?:debug|info|warn|error)\(\s*'([^']+)'(?:,\s*\{([^}]*)\})?/g),
  ])
  const lines = calls.map(([, words = '', values = '']) => {
    const names = [...values.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name]) => name)
    return [`${words}:`, ...names].join(' ').replace(/:$/, '')
  })
  expect(lines.length).toBeGreaterThan(3)
  expect(blockAfter('All lines of its log')).toBe(lines.toSorted((a, b) => (a < b ? -1 : 1)).join('\n'))
})

/** The fields of each message of a .proto file; those of a oneof are fields like the others. */
function messagesIn(proto: string): ReadonlyMap<string, readonly { name: string; type: string }[]> {
  const bodies = proto.replace(/\/\/.*$/gm, '').matchAll(/^message (\w+) \{\n(.*?)^\}/gms)
  return new Map(
    [...bodies].map(([, name = '', body = '']) => {
      const fields = body.matchAll(/^\s+(?:repeated |optional )?(\w+) (\w+) = \d+;/gm)
      return [name, [...fields].map(([, type = '', field = '']) => ({ name: field, type }))]
    }),
  )
}

/** The block of code that follows these words on the page. */
function blockAfter(words: string): string | undefined {
  return /```\n([^`]*)\n```/.exec(page.slice(page.indexOf(words)))?.[1]
}

function read(path: string): string {
  return readFileSync(new URL(path, `file://${ROOT}`), 'utf8')
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/page.ts'
import { startProgram } from '../support/program.ts'
import type { Line } from '../support/program.ts'
import type { Server } from '../support/server.ts'
import { documented, misfit } from '../support/shapes.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'
import type { Terminal } from '../support/terminal.ts'

const CLI = 'apps/cli/dist/main.js'
const SHAPES = documented()

let on: Stage
let server: Server
let alice: Terminal
let bob: Terminal
let pair: unknown
let account: unknown
/** What was said by each command and fact, and what was wrong with it. */
const seen = new Map<string, readonly Line[]>()
const wrong: string[] = []

beforeAll(async () => {
  on = await stage()
  server = await on.relay()
  ;[alice, bob] = [await on.terminal('Alice', server.relay), await on.terminal('Bob', server.relay)]
})
afterAll(() => on.close())

/** Asks, and holds the answer to what the document says of it. */
async function ask(who: Terminal, name: string, fields: Line = {}, as = name): Promise<Line> {
  const { rows, type: _type, do: _do, ref: _ref, ...value } = await who.do(name, fields)
  check(as, rows === undefined ? [value] : (rows as Line[]))
  return { ...value, rows }
}

function check(name: string, lines: readonly Line[]): void {
  // With an option, there are also the rows of the command without it.
  const shapes = [name, name.replace(/ --.*/, '')].flatMap((known) => SHAPES.get(known) ?? [])
  seen.set(name, [...(seen.get(name) ?? []), ...lines])
  for (const line of lines) {
    const why = misfit(shapes, line)
    if (why !== undefined) wrong.push(`${name}: ${why}`)
  }
}

/** One command in a process of its own. */
async function sotto(name: string, home: string, ...words: readonly string[]): Promise<void> {
  const program = startProgram(CLI, [...words, '--home', on.folder(home), '--json'])
  expect(await program.ended).toBe(0)
  check(name, program.lines)
}

test('two people, by command after command', async () => {
  await sotto('init', 'carol', 'init', '--name', 'Carol')
  const { link } = await ask(alice, 'invite')
  const { invitation } = await ask(alice, 'invite')
  await ask(alice, 'revoke', { id: invitation })
  await ask(alice, 'invitations')
  const { conversation } = await ask(bob, 'join', { link, message: 'Hello' })
  pair = conversation
  await ask(bob, 'conversations')
  const { id } = await alice.fact({ type: 'request' })
  await ask(alice, 'requests')
  await ask(alice, 'accept', { id })
  await bob.fact({ type: 'notice', name: 'accepted' })
  const { message } = await ask(alice, 'send', { conversation, text: 'Hello Bob', wait: 'delivered' })
  await ask(bob, 'send', { conversation, text: 'Hello again', replyTo: message, wait: 'delivered' })
  for (const name of ['messages', 'read']) await ask(alice, name, { conversation })
  account = (await ask(alice, 'safety', { conversation }))['account']
  await ask(alice, 'verify', { account })
  await ask(alice, 'settings', { name: 'Alice B.', relaysOnly: 'off' })
  await ask(alice, 'status')
  await ask(bob, 'sync')
})

test('groups', async () => {
  const walks = await ask(alice, 'group create', { title: 'Walks', member: [account] })
  const { id } = await bob.fact({ type: 'request', kind: 'group', title: 'Walks' })
  await ask(bob, 'requests')
  await ask(bob, 'accept', { id })
  const { conversation } = walks
  const isIn = async (): Promise<boolean> => {
    const { rows } = await ask(bob, 'conversations')
    return (rows as Line[]).some((row) => row['conversation'] === conversation)
  }
  await eventually(isIn, true)
  await ask(alice, 'group role', { conversation, account, role: 'admin' })
  await ask(alice, 'group rename', { conversation, title: 'Long walks' })
  await ask(alice, 'messages', { conversation, lines: true }, 'messages --lines')
  await bob.fact({ type: 'line', conversation, line: 'renamed', title: 'Long walks' })
  await ask(alice, 'group remove', { conversation, account })
  await bob.fact({ type: 'line', conversation, line: 'removed', account })
  for (const who of [alice, bob])
    expect(who.facts('line').filter(({ line }) => line === 'removed')).toMatchObject([{ conversation, account }])

  const runs = await ask(alice, 'group create', { title: 'Runs', member: [] })
  await ask(alice, 'group add', { conversation: runs['conversation'], account })
  const asked = await bob.fact({ type: 'request', kind: 'group', title: 'Runs' })
  await ask(bob, 'decline', { id: asked['id'] })
  await ask(alice, 'group remove', { conversation: runs['conversation'], account })
  await ask(alice, 'group leave', { conversation: runs['conversation'] })
})

test('devices', async () => {
  const home = on.folder('phone')
  const program = startProgram(CLI, ['device', 'link', '--home', home, '--relay', server.relay, '--json'])
  const { code } = await program.line((line) => 'code' in line)
  const { device } = await ask(alice, 'device link', { code }, 'device link CODE')
  expect(await program.ended).toBe(0)
  check('device link', program.lines)
  await sotto('device list', 'phone', 'device', 'list')
  await ask(alice, 'device revoke', { device })
  await ask(alice, 'device list')
  expect(seen.get('device list')?.at(-1)).toMatchObject({ device, retired: true })
})

test('what waits, and what does not leave any more', async () => {
  await ask(alice, 'group create', { title: 'Later', member: [account] })
  const { id } = await bob.fact({ type: 'request', kind: 'group', title: 'Later' })
  await alice.program.end('SIGTERM')
  await ask(bob, 'accept', { id })
  await server.kill()
  const { message } = await ask(bob, 'send', { conversation: pair, text: 'Too late' })
  await ask(bob, 'status')
  const waiting = seen.get('status')?.map((row) => Object.keys(row)[0])
  expect(waiting).toEqual(expect.arrayContaining(['relay', 'account', 'group', 'waiting']))
  const { rows } = await bob.do('conversations')
  const members = (rows as { members: { account: string; name: string }[] }[]).flatMap((row) => row.members)
  await ask(bob, 'block', { account: members.find(({ name }) => name.startsWith('Alice'))?.account })
  await ask(bob, 'messages', { conversation: pair })
  expect(seen.get('messages')?.at(-1)).toMatchObject({ id: message, unsent: true })
  await ask(bob, 'conversations')
  expect(seen.get('conversations')).toContainEqual(expect.objectContaining({ phase: 'ended' }))
})

test('all of it is as documented, and all that is documented was seen', () => {
  for (const line of [...alice.program.lines, ...bob.program.lines])
    if (!['done', 'error'].includes(String(line['type']))) check(String(line['type']), [line])
  expect(wrong).toEqual([])
  expect([...SHAPES.keys()].filter((name) => (seen.get(name) ?? []).length === 0)).toEqual([])
})

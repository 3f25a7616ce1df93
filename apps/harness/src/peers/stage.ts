import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom, type SeededRandom } from '@sotto/testkit'
import { atExit } from './at-exit.ts'
import type { Program } from './program.ts'
import { startRelay, type RelayPeer } from './relay.ts'
import { terminal, type Terminal } from './terminal.ts'

/** Somebody with a terminal whose home is set up. */
export interface Person extends Terminal {
  readonly name: string
  readonly account: string
  readonly device: string
  /** The 24 recovery words. */
  readonly phrase: string
}

type Watch = (program: Program) => void

/** Where a scenario plays: a folder of its own, and every process that it starts. */
export interface Stage {
  readonly random: SeededRandom
  /** A path in the scenario's folder; nothing is there yet. */
  path(name: string): string
  relay(init?: { port?: number; name?: string; page?: boolean }): Promise<RelayPeer>
  /** A terminal on an empty home. `watch` is told about every process that it starts. */
  terminal(name: string, watch?: Watch): Terminal
  /** A home that is set up, with that relay for invitations. */
  person(name: string, relay: Pick<RelayPeer, 'address'>, watch?: Watch): Promise<Person>
  /** Says what is going on, to whoever watches the scenario: a JSON line, or a text. */
  tell(line: object, text: string): void
  /** Done when the scenario is over, in reverse order; started at once when the harness is interrupted. */
  later(work: () => unknown): void
}

/** Plays `act` on a stage of its own; then every process has ended and every file is gone, whatever happened. */
export async function onStage<T>(
  seed: string | number,
  act: (stage: Stage) => Promise<T>,
  tell: Stage['tell'] = () => {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-harness-'))
  const programs = new Set<Program>()
  const work: (() => unknown)[] = []
  const onStart = (program: Program): void => {
    programs.add(program)
    void program.exit.then(() => programs.delete(program))
  }
  const path = (name: string): string => join(folder, name)
  const terminalAt = (name: string, watch?: Watch): Terminal =>
    terminal(path(name), (program) => {
      onStart(program)
      watch?.(program)
    })
  const cleared = atExit(() => {
    for (const program of programs) program.signal('SIGKILL')
    for (const each of work.reverse()) each()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  try {
    return await act({
      random: seededRandom(seed),
      path,
      relay: ({ name = 'relay', ...init } = {}) => startRelay({ data: path(name), ...init, onStart }),
      terminal: terminalAt,
      person: (name, relay, watch) => setUp(terminalAt(name.toLowerCase().replaceAll(' ', '-'), watch), name, relay),
      tell,
      later: (each) => void work.push(each),
    })
  } finally {
    await Promise.all([...programs].map((program) => program.end('SIGKILL')))
    cleared()
    for (const each of work.reverse()) await each()
    await rm(folder, { recursive: true, force: true })
  }
}

async function setUp(at: Terminal, name: string, relay: Pick<RelayPeer, 'address'>): Promise<Person> {
  const [made = {}] = await at.sotto('init', '--name', name, '--relay', relay.address)
  const { account, device, recoveryPhrase } = made
  return { ...at, name, account: String(account), device: String(device), phrase: String(recoveryPhrase) }
}

import type { History } from '../history/history.ts'
import type { Line } from '../peers/lines.ts'
import { PATIENCE_MS } from '../peers/patience.ts'
import type { Program } from '../peers/program.ts'
import type { Terminal } from '../peers/terminal.ts'
import { isDelivered, type Actor, type OwnMessage } from './actor.ts'

/** Facts that `sotto run` tells by itself. */
const FACTS = new Set(['message', 'state', 'request', 'connection', 'notice'])

/** Long enough for a device to give up one way and take another, more than once, and to say so. */
const SYNC_MS = (PATIENCE_MS * 2) / 3

/** Somebody at a terminal, whose every word and every end goes into the history. */
export class Peer implements Actor {
  readonly name: string
  readonly account: string
  readonly device: string
  readonly #terminal: Terminal
  readonly #options: readonly string[]
  readonly #history: History
  #running: Program | undefined
  #ending: string | undefined
  #asked = 0

  constructor(about: {
    name: string
    account: string
    device: string
    /** Linked to that one. */
    of?: string
    terminal: Terminal
    history: History
    options: readonly string[]
  }) {
    this.name = about.name
    this.account = about.account
    this.device = about.device
    this.#terminal = about.terminal
    this.#history = about.history
    this.#options = about.options
    const { account, device, of } = about
    this.#history.add(this.name, { type: 'account', account, device, ...(of === undefined ? {} : { of }) })
  }

  get isUp(): boolean {
    return this.#running !== undefined
  }

  /** `sotto run` on its home; resolves when it is online. */
  async start(): Promise<void> {
    this.#history.add(this.name, { type: 'start', kind: 'terminal' })
    this.#ending = undefined
    const { program } = await this.#terminal.run(...this.#options)
    this.#running = program
    void program.exit.then(({ code, err }) => this.#gone(code, err))
  }

  /** `kill -9`, or another signal. Resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const program = this.#running
    if (program === undefined) throw new Error(`${this.name} is not running.`)
    this.#ending = signal
    await program.end(signal)
  }

  /** Says an intent to the running process; resolves with its answer. Rejects when it is refused, or killed before it answers. */
  async ask(intent: string, fields: Line = {}): Promise<Line> {
    const program = this.#running
    if (program === undefined) throw new Error(`${this.name} is not running.`)
    const ref = this.#noteAsk(intent, fields)
    const from = program.lines.length
    program.say({ do: intent, ref, ...fields })
    const answer = await program.until({ ref }, from)
    if (answer['type'] === 'error') throw new Error(`${this.name} refused ${intent}: ${String(answer['message'])}`)
    return answer
  }

  /** Says a text. Resolves when it is kept, or refused, or the process was killed before it answered; the history tells which. */
  async say(conversation: string, text: string): Promise<void> {
    await this.ask('send', { conversation, text }).catch(() => {})
  }

  /** Everything that it shows of a conversation: asked of the running process, or else read from its disk. */
  async list(conversation: string): Promise<readonly Line[]> {
    if (this.isUp) return (await this.ask('messages', { conversation, limit: 10_000 }))['rows'] as readonly Line[]
    return this.#command('messages', { conversation, limit: 10_000 }, ['messages', conversation, '--limit', '10000'])
  }

  async roster(): Promise<readonly Line[]> {
    return (await this.ask('conversations'))['rows'] as readonly Line[]
  }

  async read(conversation: string): Promise<void> {
    await this.ask('read', { conversation })
  }

  async hears(conversation: string, texts: readonly string[]): Promise<void> {
    const isTold = (line: Line, text: string): boolean =>
      line['type'] === 'message' && line['conversation'] === conversation && line['text'] === text
    await Promise.all(texts.map((text) => this.#told((line) => isTold(line, text), `"${text}"`)))
  }

  async learnsDelivered(conversation: string, messages: readonly OwnMessage[]): Promise<void> {
    // Whoever was killed when it had stored that and not told it yet lists it, and tells it no more.
    const listed = new Map((await this.list(conversation)).map(({ id, state }) => [id, state]))
    const open = messages.filter(({ id }) => !isDelivered(listed.get(id)))
    const isTold = (line: Line, id: string): boolean => line['message'] === id && isDelivered(line['state'])
    await Promise.all(open.map(({ id, text }) => this.#told((line) => isTold(line, id), `the delivery of "${text}"`)))
  }

  async learnsRevoked(): Promise<void> {
    await this.#told((line) => line['name'] === 'device-revoked', 'its being revoked')
  }

  async acceptGroup(_group: object, from: number): Promise<void> {
    const request = await this.#history.until(
      ({ who, ...entry }, at) =>
        at >= from && who === this.name && entry.type === 'told' && entry.line['kind'] === 'group',
      `${this.name} is told of the invitation`,
    )
    await this.ask('accept', { id: request.type === 'told' ? request.line['id'] : '' })
  }

  async leaveGroup(conversation: string): Promise<void> {
    await this.ask('group leave', { conversation })
  }

  async sync(): Promise<void> {
    await this.ask('sync', { timeout: SYNC_MS })
  }

  /** Every line of its running process goes into the history, as it comes. */
  watch(program: Program): void {
    program.watch((line) => {
      const { type, ref } = line
      if (FACTS.has(String(type))) this.#history.add(this.name, { type: 'told', line })
      if (typeof ref === 'string') this.#history.add(this.name, { type: 'answer', ref, ok: type === 'done', line })
    })
  }

  /** Resolves when it has been told that. */
  async #told(wanted: (line: Line) => boolean, what: string): Promise<void> {
    await this.#history.until(
      ({ who, ...entry }) => who === this.name && entry.type === 'told' && wanted(entry.line),
      `${this.name} is told of ${what}`,
    )
  }

  async #command(intent: string, fields: Line, words: readonly string[]): Promise<readonly Line[]> {
    const ref = this.#noteAsk(intent, fields)
    const rows = await this.#terminal.sotto(...words)
    this.#history.add(this.name, { type: 'answer', ref, ok: true, line: { rows } })
    return rows
  }

  #noteAsk(intent: string, fields: Line): string {
    const ref = `${this.name}-${++this.#asked}`
    this.#history.add(this.name, { type: 'ask', ref, do: intent, fields })
    return ref
  }

  /** All that it said has been read by then. */
  #gone(code: number | null, err: string): void {
    this.#running = undefined
    this.#history.add(this.name, { type: 'gone', signal: this.#ending ?? `status ${code}` })
    if (this.#ending === undefined || (this.#ending !== 'SIGKILL' && code !== 0)) {
      this.#history.add(this.name, { type: 'stuck', why: `it ended with status ${code}. ${err.slice(-500)}` })
    }
  }
}

import type { History } from '../history/history.ts'
import type { Tab } from '../peers/chromium.ts'
import type { Line } from '../peers/lines.ts'
import type { Actor } from './actor.ts'
import { PageHands, type Listed } from './page-hands.ts'
import { readRows, watchRows, type Shown } from './page-rows.ts'
import { Texts } from './texts.ts'

const STATES = [
  ['queued', /^Queued/],
  ['sent', /^Sent/],
  ['delivered', /^Delivered/],
  ['read', /^Read/],
] as const

export interface PagePeerInit {
  readonly name: string
  /** Address of the page. */
  readonly web: string
  readonly history: History
  open(): Promise<Tab>
  /** The account of everybody whom it may see, by name. */
  accountOf(name: string): string
}

/** Somebody at the page in Chromium. What it does, and what is shown as it comes, goes into the history. */
export class PagePeer implements Actor {
  readonly name: string
  /** No page shows it: known as soon as somebody else is told of it. */
  account = ''
  readonly #init: PagePeerInit
  readonly #history: History
  readonly #texts: Texts
  /** Titles of its conversations, by id. */
  readonly #titles = new Map<string, string>()
  /** What was shown, and has no id in the history yet. */
  readonly #pending: Shown[] = []
  #tab: Tab | undefined
  #asked = 0

  constructor(init: PagePeerInit) {
    this.name = init.name
    this.#init = init
    this.#history = init.history
    this.#texts = new Texts(init.history)
    this.#history.watch(() => this.#tellPending())
  }

  get isUp(): boolean {
    return this.#tab !== undefined
  }

  /** What a person can do there by itself. */
  get hands(): PageHands {
    return new PageHands(this.#page)
  }

  get #page(): Tab['page'] {
    if (this.#tab === undefined) throw new Error(`${this.name} is not running.`)
    return this.#tab.page
  }

  async start(): Promise<void> {
    this.#history.add(this.name, { type: 'start', kind: 'page' })
    this.#tab = await this.#init.open()
    await watchRows(this.#page, (shown) => {
      this.#pending.push(shown)
      this.#tellPending()
    })
    await this.#page.goto(this.#init.web)
  }

  /** As a person closes the browser, whatever the signal. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const tab = this.#tab
    if (tab === undefined) return
    this.#tab = undefined
    await tab.close()
    this.#history.add(this.name, { type: 'gone', signal })
  }

  /** It is in that conversation, under that title, with that account. */
  enter(conversation: string, title: string, account: string): void {
    this.#titles.set(conversation, title)
    if (this.account === '') this.#history.add(this.name, { type: 'account', account })
    this.account = account
  }

  async say(conversation: string, text: string): Promise<void> {
    await this.hands.show(this.#titleOf(conversation))
    await this.#recorded('send', { conversation, text }, async () => {
      await this.hands.say(text)
      return {}
    })
  }

  async list(conversation: string): Promise<readonly Line[]> {
    await this.hands.show(this.#titleOf(conversation))
    return this.#recordedRows('messages', { conversation }, async () =>
      (await readRows(this.#page)).map((shown) => this.#rowOf(shown)),
    )
  }

  roster(): Promise<readonly Line[]> {
    return this.#recordedRows('conversations', {}, async () => {
      const rows: Line[] = []
      for (const [conversation, title] of this.#titles) {
        if (!(await this.hands.isListed(title))) continue
        await this.hands.show(title)
        const listed = await this.hands.members()
        const pair = [this.name, title].map((name) => ({ name, about: 'member' }))
        rows.push({
          conversation,
          title,
          members: (listed.length > 0 ? listed : pair).map((each) => this.#member(each)),
        })
      }
      return rows
    })
  }

  async acceptGroup({ conversation, title }: { conversation: string; title: string }): Promise<void> {
    await this.hands.accept(title)
    this.#titles.set(conversation, title)
  }

  async sync(): Promise<void> {}

  #titleOf(conversation: string): string {
    return this.#titles.get(conversation) ?? ''
  }

  #member({ name, about }: Listed): Line {
    const own = name.replace(/ \(you\)$/, '')
    const account = own === this.name ? this.account : this.#init.accountOf(own)
    const [role = '', ...state] = about.toLowerCase().split(/[^a-z]+/)
    return { account, name: own, role, ...(state.length === 0 ? {} : { state: state.join(' ') }) }
  }

  async #recordedRows(intent: string, fields: Line, work: () => Promise<readonly Line[]>): Promise<readonly Line[]> {
    const { rows } = await this.#recorded(intent, fields, async () => ({ rows: await work() }))
    return rows
  }

  async #recorded<T extends Line>(intent: string, fields: Line, work: () => Promise<T>): Promise<T> {
    const ref = `${this.name}-${++this.#asked}`
    this.#history.add(this.name, { type: 'ask', ref, do: intent, fields })
    const line = await work()
    this.#history.add(this.name, { type: 'answer', ref, ok: true, line })
    return line
  }

  /** Tells what was shown in the order of showing, as soon as others have told the ids. */
  #tellPending(): void {
    for (let shown = this.#pending[0]; shown !== undefined; shown = this.#pending[0]) {
      const place = this.#texts.placeOf(shown.text)
      if (place === undefined) return
      this.#pending.shift()
      const { author, state, text } = this.#rowOf(shown)
      const line =
        shown.author === 'You'
          ? { type: 'state', message: place.id, state }
          : { type: 'message', ...place, author, text, via: 'page' }
      this.#history.add(this.name, { type: 'told', line })
    }
  }

  #rowOf({ text, author, state }: Shown): Line {
    const isOwn = author === 'You'
    return {
      id: this.#texts.placeOf(text)?.id ?? `only at ${this.name}: ${text}`,
      author: isOwn ? this.account : this.#init.accountOf(author),
      text,
      state: isOwn ? (STATES.find(([, words]) => words.test(state))?.[0] ?? state) : 'read',
    }
  }
}

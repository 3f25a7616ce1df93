import type { History } from '../history/history.ts'
import type { Tab } from '../peers/chromium.ts'
import type { Line } from '../peers/lines.ts'
import { PATIENCE_MS } from '../peers/patience.ts'
import { isDelivered, type Actor, type OwnMessage } from './actor.ts'
import { PageHands, type Listed } from './page-hands.ts'
import { readRows, stateOf, watchRows, type Shown, type ShownGap } from './page-rows.ts'

export interface PagePeerInit {
  readonly name: string
  /** The name that others see. @default name */
  readonly person?: string
  /** Address of the page. */
  readonly web: string
  readonly history: History
  /** `onProblem` is told of every error that the page throws. */
  open(onProblem: (problem: string) => void): Promise<Tab>
  /** The account of everybody whom it may see, by name. */
  accountOf(name: string): string
}

/** Somebody at the page in Chromium. What it does, and what is shown as it comes, goes into the history. */
export class PagePeer implements Actor {
  readonly name: string
  /** No page shows it: known as soon as somebody else is told of it. */
  account = ''
  device: string | undefined
  readonly #init: PagePeerInit
  readonly #person: string
  readonly #history: History
  /** Titles of its conversations, by id. */
  readonly #titles = new Map<string, string>()
  /** What it has said itself; another device of its account stands there as "You", too. */
  readonly #said = new Set<string>()
  /** What was told of, also by a browser that has been killed since. */
  readonly #told = new Set<string>()
  #tab: Tab | undefined
  /** A person does one thing after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #asked = 0

  constructor(init: PagePeerInit) {
    this.name = init.name
    this.#person = init.person ?? init.name
    this.#init = init
    this.#history = init.history
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
    this.#tab = await this.#init.open((problem) =>
      this.#history.add(this.name, { type: 'stuck', why: `the page threw: ${problem}` }),
    )
    await watchRows(this.#page, (shown) => this.#tell(shown))
    await this.#page.goto(this.#init.web)
    if (this.account !== '') await this.hands.isOnline()
  }

  /** SIGKILL for the browser; or as a person closes it, whatever other signal. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const tab = this.#tab
    if (tab === undefined) return
    this.#tab = undefined
    await (signal === 'SIGKILL' ? tab.kill() : tab.close())
    this.#history.add(this.name, { type: 'gone', signal })
  }

  /** Says hello to whoever made that invitation. */
  async join(link: string, hello: string): Promise<void> {
    this.#said.add(hello)
    await this.#recorded('join', { link, message: hello }, {}, () => this.hands.join(link, hello))
  }

  /** Whose it is: told by others, since no page shows it. `of`: the device that has linked it. */
  isOf(account: string, device?: string, of?: string): void {
    if (this.account !== '') return
    this.account = account
    this.device = device
    const further = device === undefined || of === undefined ? {} : { device, of }
    this.#history.add(this.name, { type: 'account', account, ...further })
  }

  /** That conversation stands there under that title, now or soon. */
  knows(conversation: string, title: string): void {
    this.#titles.set(conversation, title)
  }

  async say(conversation: string, text: string): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.isUp) return
      this.#said.add(text)
      const ref = this.#noteAsk('send', { conversation, text })
      const said = await this.hands.say(this.#titleOf(conversation), text)
      if (said.is === 'unknown') return
      const line = said.is === 'refused' ? { message: said.why } : {}
      this.#history.add(this.name, { type: 'answer', ref, ok: said.is === 'shown', line })
    }).catch((error: unknown) => {
      // A browser that was killed meanwhile has not answered, as is noted already.
      if (this.isUp) this.#history.add(this.name, { type: 'stuck', why: String(error) })
    })
  }

  async list(conversation: string): Promise<readonly Line[]> {
    if (!this.isUp) return []
    return this.#inTurn(() =>
      this.#recordedRows('messages', { conversation }, async () => {
        await this.hands.show(this.#titleOf(conversation))
        return (await this.#shownRows()).map((shown) => this.#rowOf(shown))
      }),
    )
  }

  roster(): Promise<readonly Line[]> {
    return this.#inTurn(() =>
      this.#recordedRows('conversations', {}, async () => {
        const rows: Line[] = []
        for (const [conversation, title] of this.#titles) {
          if (!(await this.hands.isListed(title))) continue
          await this.hands.show(title)
          const listed = await this.hands.members()
          const pair = [this.#person, title].map((name) => ({ name, about: 'member' }))
          const members = (listed.length > 0 ? listed : pair).map((each) => this.#member(each))
          rows.push({ conversation, title, members })
        }
        return rows
      }),
    )
  }

  /** It stands there while somebody looks. */
  async read(conversation: string): Promise<void> {
    await this.list(conversation)
  }

  async hears(conversation: string, texts: readonly string[]): Promise<void> {
    await this.#untilShown(conversation, 'show', (rows) => {
      const shown = new Set(rows.map(({ text }) => text))
      return texts.filter((text) => !shown.has(text))
    })
  }

  async learnsDelivered(conversation: string, messages: readonly OwnMessage[]): Promise<void> {
    await this.#untilShown(conversation, 'show the delivery of', (rows) => {
      const states = new Map(rows.map(({ text, state }) => [text, stateOf(state)]))
      return messages.map(({ text }) => text).filter((text) => !isDelivered(states.get(text)))
    })
  }

  async learnsRevoked(): Promise<void> {
    await this.hands.isRevoked()
  }

  async acceptGroup({ conversation, title }: { conversation: string; title: string }): Promise<void> {
    this.knows(conversation, title)
    await this.#recorded('accept', {}, { conversation }, () => this.hands.accept(title))
  }

  leaveGroup(conversation: string): Promise<void> {
    return this.#recorded('group leave', { conversation }, {}, async () => {
      await this.hands.show(this.#titleOf(conversation))
      await this.hands.leave()
    })
  }

  async sync(): Promise<void> {}

  /** What stands there. Read anew whenever something was told meanwhile: the history has that first, and the rows may be from before it. */
  async #shownRows(): ReturnType<typeof readRows> {
    for (;;) {
      const told = this.#told.size
      const rows = await readRows(this.#page)
      if (this.#told.size === told) return rows
    }
  }

  #titleOf(conversation: string): string {
    return this.#titles.get(conversation) ?? ''
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** Looks, without a word to the history, until none of these texts lacks what is wanted. */
  async #untilShown(
    conversation: string,
    what: string,
    lacking: (rows: readonly Shown[]) => readonly string[],
  ): Promise<void> {
    const end = performance.now() + PATIENCE_MS
    const look = async (): Promise<readonly string[]> => {
      await this.hands.show(this.#titleOf(conversation))
      return lacking((await readRows(this.#page)).filter((row) => 'text' in row))
    }
    for (let left = await this.#inTurn(look); left.length > 0; left = await this.#inTurn(look)) {
      if (performance.now() > end) throw new Error(`${this.name} did not ${what} "${left[0]}" in time.`)
    }
  }

  #member({ name, about }: Listed): Line {
    const own = name.replace(/ \(you\)$/, '')
    const account = own === this.#person ? this.account : this.#init.accountOf(own)
    const [role = '', ...state] = about.toLowerCase().split(/[^a-z]+/)
    return { account, name: own, role, ...(state.length === 0 ? {} : { state: state.join(' ') }) }
  }

  /** Does something of which a page says no more than that it is done. */
  #recorded(intent: string, fields: Line, line: Line, work: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const ref = this.#noteAsk(intent, fields)
      await work()
      this.#history.add(this.name, { type: 'answer', ref, ok: true, line })
    })
  }

  async #recordedRows(intent: string, fields: Line, work: () => Promise<readonly Line[]>): Promise<readonly Line[]> {
    const ref = this.#noteAsk(intent, fields)
    const rows = await work()
    this.#history.add(this.name, { type: 'answer', ref, ok: true, line: { rows } })
    return rows
  }

  #noteAsk(intent: string, fields: Line): string {
    const ref = `${this.name}-${++this.#asked}`
    this.#history.add(this.name, { type: 'ask', ref, do: intent, fields })
    return ref
  }

  /** Tells what is shown for the first time; a page that is opened again shows all of it again. */
  #tell(shown: Shown & { readonly title: string }): void {
    const { author, state, text } = this.#rowOf(shown)
    const [conversation = ''] = [...this.#titles].find(([, title]) => title === shown.title) ?? []
    const isSaidHere = shown.author === 'You' && this.#said.has(shown.text)
    const line = isSaidHere ? { type: 'state', text, state } : { type: 'message', conversation, author, text }
    const key = JSON.stringify(isSaidHere ? [text, state] : [conversation, text])
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#history.add(this.name, { type: 'told', line })
  }

  /** Ids are not shown; whoever reads the history knows them from the others. */
  #rowOf(shown: Shown | ShownGap): Line {
    const isOwn = shown.author === 'You'
    const author = isOwn ? this.account : this.#init.accountOf(shown.author)
    if ('missing' in shown) return { missing: shown.missing, author }
    return { author, text: shown.text, state: isOwn ? stateOf(shown.state) : 'read' }
  }
}

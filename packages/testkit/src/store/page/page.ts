import { openBrowserStore } from '@sotto/store/browser'
import type { BrowserStore } from '@sotto/store/browser'
import { storeConformance } from '../../store-conformance.ts'
import { measureStore } from '../measure.ts'
import type { StoreFigures } from '../measure.ts'
import { eventRow, id, metaRow } from '../sample-rows.ts'
import { forgetKeys, holdFile } from './trouble.ts'

/** What the test calls in the page. Errors come back as their code, since only plain values travel. */
export interface StorePage {
  /** The names of the checks, each with what went wrong or nothing. */
  conformance(seeds: readonly number[]): Promise<{ name: string; problem: string | undefined }[]>
  open(name: string): Promise<string>
  write(name: string, text: string): Promise<string>
  read(name: string, query: string): Promise<{ texts: string[]; found: number; secret: string | undefined }>
  /** Commits rows of 50 kB until one is refused: how many were kept, and the code. Then whether a small commit works. */
  fill(name: string): Promise<{ kept: number; listed: number; code: string }>
  /** Writes without end, a counter and an event a commit; `written` tells how far it came. */
  writeForever(name: string): Promise<void>
  written(): number
  count(name: string): Promise<{ counter: number; events: number; last: number }>
  measure(name: string, events: number): Promise<StoreFigures>
  rotate(name: string): Promise<string>
  openWith(name: string, passphrase: string): Promise<string>
  /** Also answers for how long at most the page could do nothing meanwhile, and how long it took. Milliseconds. */
  setPassphrase(
    name: string,
    next: string | undefined,
    old?: string,
  ): Promise<{ code: string; isSet: boolean; stuck: number; took: number }>
  forgetKeys(): Promise<void>
  /** Holds one of the store's files as a dying tab does, and lets go after so many milliseconds. Resolves once it holds. */
  holdFile(name: string, ms: number): Promise<void>
  closeAll(): Promise<void>
}

const stores = new Map<string, BrowserStore>()

async function storeOf(name: string): Promise<BrowserStore> {
  const store = stores.get(name) ?? (await openBrowserStore({ name }))
  stores.set(name, store)
  return store
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'ok'
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error)
  }
}

let written = 0
const ofCounter = (counter: number): Uint8Array => new TextEncoder().encode(String(counter))

const page: StorePage = {
  async conformance(seeds) {
    // While one is open, what is made of SQLite's code in this process is there for all; else each opening compiles it anew.
    const kept = await openBrowserStore({ name: 'kept' })
    let made = 0
    const make = async () => {
      const name = `check-${(made += 1)}`
      return { open: () => openBrowserStore({ name }) }
    }
    const checks = storeConformance('browser', make, seeds)
    const results = []
    for (const { name, run } of checks) {
      results.push({
        name,
        problem: await run().then(
          () => undefined,
          (error: unknown) => String(error),
        ),
      })
    }
    await kept.close()
    return results
  },
  open: (name) => codeOf(() => storeOf(name)),
  write: (name, text) =>
    codeOf(async () => {
      const store = await storeOf(name)
      const secret = new TextEncoder().encode(text)
      await store.commit([
        { put: 'events', row: eventRow({ text, body: secret }) },
        {
          put: 'generations',
          row: {
            conversation: id(1),
            generation: id(2, 16),
            secret,
            epochId: id(3),
            openedAt: 1,
            closedAt: 0,
            devices: '[]',
          },
        },
      ])
    }),
  async read(name, query) {
    const store = await storeOf(name)
    const [generation] = await store.list('generations')
    return {
      texts: (await store.list('events')).map((row) => row.text),
      found: (await store.search(query)).length,
      secret: generation && new TextDecoder().decode(generation.secret),
    }
  },
  async fill(name) {
    const store = await storeOf(name)
    const value = crypto.getRandomValues(new Uint8Array(50_000))
    for (let kept = 0; kept < 2_000; kept += 1) {
      const code = await codeOf(() =>
        store.commit([
          { put: 'meta', row: metaRow(`first ${kept}`, Uint8Array.of(1)) },
          { put: 'meta', row: metaRow(`row ${kept}`, value) },
        ]),
      )
      if (code !== 'ok') return { kept, code, listed: (await store.list('meta')).length }
    }
    return { kept: 2_000, code: 'never full', listed: 0 }
  },
  async writeForever(name) {
    const store = await storeOf(name)
    for (let seq = 1; ; seq += 1) {
      await store.commit([
        { put: 'events', row: eventRow({ seq, lamport: seq, text: `number${seq}` }) },
        { put: 'meta', row: metaRow('counter', ofCounter(seq)) },
      ])
      written = seq
    }
  },
  written: () => written,
  async count(name) {
    const store = await storeOf(name)
    const counter = await store.get('meta', ['counter'])
    const newest = await store.list('events', { prefix: [], reverse: true, limit: 1 })
    let events = 0
    for (let seq = 0; ;) {
      const rows = await store.list('events', { prefix: [id(1), id(2)], after: [seq] })
      events += rows.length
      if (rows.length < 10_000) break
      seq = rows.at(-1)?.seq ?? seq
    }
    return {
      counter: counter === undefined ? 0 : Number(new TextDecoder().decode(counter.value)),
      events,
      last: newest[0]?.seq ?? 0,
    }
  },
  measure: async (name, events) => measureStore(await storeOf(name), events),
  rotate: (name) => codeOf(async () => (await storeOf(name)).rotateSecretsKey()),
  openWith: (name, passphrase) => codeOf(async () => stores.set(name, await openBrowserStore({ name, passphrase }))),
  async setPassphrase(name, next, old) {
    const store = await storeOf(name)
    const began = performance.now()
    let [last, stuck] = [began, 0]
    const beat = setInterval(() => {
      stuck = Math.max(stuck, performance.now() - last)
      last = performance.now()
    }, 5)
    const code = await codeOf(() => store.setPassphrase(next, old))
    clearInterval(beat)
    return { code, stuck, took: performance.now() - began, isSet: await store.hasPassphrase() }
  },
  forgetKeys,
  holdFile,
  async closeAll() {
    for (const store of stores.values()) await store.close()
    stores.clear()
  },
}

Object.assign(globalThis, { storePage: page })

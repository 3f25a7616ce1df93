import { StoreError } from '../store-error.ts'
import { openWorkerStore } from './open-worker-store.ts'
import type { WorkerStore } from './open-worker-store.ts'
import { toFailure } from './rpc.ts'
import type { Call, Reply, WorkerMethods } from './rpc.ts'

/** The entry of the store's worker: it opens one store, answers calls, and ends with the page. */
let opened: WorkerStore | undefined

function whileOpen(): WorkerStore {
  if (opened === undefined) throw new StoreError('store-closed')
  return opened
}

const methods: WorkerMethods = {
  async open(name, passphrase) {
    opened = await openWorkerStore(name, passphrase)
  },
  get: (table, key) => whileOpen().store.get(table, key),
  list: (table, range) => whileOpen().store.list(table, range),
  listBy: (index, range) => whileOpen().store.listBy(index, range),
  search: (query, options) => whileOpen().store.search(query, options),
  commit: (changes) => whileOpen().store.commit(changes),
  rotateSecretsKey: () => whileOpen().rotateSecretsKey(),
  hasPassphrase: () => whileOpen().hasPassphrase(),
  setPassphrase: (next, old) => whileOpen().setPassphrase(next, old),
  async close() {
    opened?.close()
    opened = undefined
  },
}

async function answer({ id, method, args }: Call): Promise<Reply> {
  try {
    const run = methods[method] as (...given: readonly unknown[]) => unknown
    return { id, ok: true, value: await run(...args) }
  } catch (error) {
    return { id, ok: false, failure: toFailure(error) }
  }
}

globalThis.onmessage = ({ data }: MessageEvent<Call>): void => {
  void answer(data).then((reply) => globalThis.postMessage(reply))
}

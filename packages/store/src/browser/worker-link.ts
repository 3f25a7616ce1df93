import { StoreError } from '../store-error.ts'
import { fromFailure } from './rpc.ts'
import type { Call, MethodName, Reply, WorkerMethods } from './rpc.ts'

/** The page's end of the store's worker. */
export interface WorkerLink {
  call<M extends MethodName>(
    method: M,
    ...args: Parameters<WorkerMethods[M]>
  ): Promise<Awaited<ReturnType<WorkerMethods[M]>>>
  /** Ends the worker; what still waits for an answer is refused with `error`. */
  end(error: StoreError): void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** `onDeath` is told when the worker ends by itself, which it never should. */
export function linkWorker(worker: Worker, onDeath: () => void): WorkerLink {
  const waiting = new Map<number, Waiting>()
  let lastId = 0

  function end(error: StoreError): void {
    worker.terminate()
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
  }

  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.ok) call?.resolve(data.value)
    else call?.reject(fromFailure(data.failure))
  }
  worker.onerror = (event) => {
    end(
      new StoreError('store-failed', 'The store’s worker could not run. Load the page again.', {
        cause: event.message,
      }),
    )
    onDeath()
  }

  return {
    call(method, ...args) {
      return new Promise((resolve, reject) => {
        lastId += 1
        const call: Call = { id: lastId, method, args }
        worker.postMessage(call) // throws for what cannot be cloned, and nothing waits then
        waiting.set(call.id, { resolve: resolve as (value: unknown) => void, reject })
      })
    },
    end,
  }
}

import { Worker } from 'node:worker_threads'
import type { EngineName, SuiteId } from './names.ts'
import type { Options } from './options.ts'
import type { Plan } from './plan.ts'
import type { Played } from './play.ts'

/** One group that was played. */
export interface Run extends Played {
  readonly name: string
  readonly seed?: number
  readonly engine: EngineName
  readonly suite: SuiteId
  readonly founder: Plan['founder']
  readonly seconds: number
}

/** What one thread plays: its groups one after the other. */
export interface Task {
  readonly engine: EngineName
  readonly suite: SuiteId
  readonly seeds: Options['seeds']
  readonly steps: number
}

/** Plays what the options ask for, each suite in a thread of its own, and tells of each group as it ends. */
export async function compare(
  engine: EngineName,
  { suites, seeds, steps }: Pick<Options, 'suites' | 'seeds' | 'steps'>,
  onEnd: (run: Run) => void,
): Promise<Run[]> {
  const runs = await Promise.all(suites.map((suite) => inThread({ engine, suite, seeds, steps }, onEnd)))
  return runs.flat()
}

function inThread(task: Task, onEnd: (run: Run) => void): Promise<Run[]> {
  const runs: Run[] = []
  const worker = new Worker(new URL('compare-thread.ts', import.meta.url), { workerData: task })
  worker.on('message', (run: Run) => {
    runs.push(run)
    onEnd(run)
  })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    // A thread that ends for want of anything to wait for has not played all.
    worker.once('exit', (status) =>
      status === 0
        ? resolve(runs)
        : reject(new Error(`The thread of suite ${task.suite} ended with status ${status}.`)),
    )
  })
}

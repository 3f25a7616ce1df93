import { parentPort, Worker, workerData } from 'node:worker_threads'

/** Seeds `from` to `to`, both included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Seeds to play, a piece of `size` at a time, on so many threads, for so many minutes. */
export interface Work extends Span {
  readonly size: number
  readonly jobs: number
  readonly minutes: number
  /** Begins nothing more once something has failed. */
  readonly isUntilFailed?: boolean
}

/** What was played: all seeds up to `to`, those in `unplayed` aside, which a signal cut off. */
export interface Played extends Span {
  readonly unplayed: readonly number[]
}

const MINUTE_MS = 60_000
const PROGRESS_MS = 20_000

/**
 * Plays seeds in worker threads, which run `main` and get there to `serve`. What comes of a seed does not depend on the thread or the order, and
 * pieces are given out in ascending order. `take` answers whether something failed. When the minutes are over what has begun is played to its end; a
 * signal ends it at once.
 */
export async function inPieces<S, R>(
  main: string,
  settings: S,
  work: Work,
  take: (result: R, piece: Span) => boolean,
): Promise<Played> {
  const began = performance.now()
  const unplayed: number[] = []
  let [next, done, told] = [work.from, 0, began]
  const stops = new Set<() => void>()
  const cut = (): void => {
    next = Infinity
    for (const stop of stops) stop()
  }
  const begin = (): Span | undefined => {
    if (next > work.to || performance.now() - began > work.minutes * MINUTE_MS) return undefined
    const piece = { from: next, to: Math.min(work.to, next + work.size - 1) }
    next = piece.to + 1
    last = piece.to
    return piece
  }
  const finish = (result: R, piece: Span): void => {
    if (take(result, piece) && work.isUntilFailed === true) next = Infinity
    done += piece.to - piece.from + 1
    const now = performance.now()
    if (now - told < PROGRESS_MS) return
    told = now
    process.stderr.write(`${done} of ${work.to - work.from + 1} worlds in ${Math.round((now - began) / 1000)} s\n`)
  }
  let last = work.from - 1
  process.once('SIGINT', cut).once('SIGTERM', cut)
  const jobs = Array.from({ length: work.jobs }, () => oneWorker({ main, settings, begin, finish, stops, unplayed }))
  await Promise.all(jobs)
  process.off('SIGINT', cut).off('SIGTERM', cut)
  return { from: work.from, to: last, unplayed: unplayed.toSorted((a, b) => a - b) }
}

interface Job<S, R> {
  readonly main: string
  readonly settings: S
  readonly begin: () => Span | undefined
  readonly finish: (result: R, piece: Span) => void
  readonly stops: Set<() => void>
  readonly unplayed: number[]
}

function oneWorker<S, R>({ main, settings, begin, finish, stops, unplayed }: Job<S, R>): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(main), { workerData: settings })
    let piece: Span | undefined
    const give = (): void => {
      piece = begin()
      worker.postMessage(piece)
    }
    const stop = (): void => {
      for (let seed = piece?.from ?? 1; seed <= (piece?.to ?? 0); seed++) unplayed.push(seed)
      void worker.terminate()
    }
    stops.add(stop)
    worker.on('error', reject)
    worker.on('exit', () => {
      stops.delete(stop)
      resolve()
    })
    // The worker is ours, and answers what `serve` says.
    worker.on('message', (result: R) => {
      if (piece !== undefined) finish(result, piece)
      give()
    })
    give()
  })
}

/** In a worker: plays piece after piece until there is none. */
export function serve<S, R>(play: (settings: S, piece: Span) => R | Promise<R>): void {
  parentPort?.on('message', (piece: Span | undefined) => {
    if (piece === undefined) return parentPort?.close()
    void Promise.resolve(play(workerData as S, piece)).then((result) => parentPort?.postMessage(result))
  })
}

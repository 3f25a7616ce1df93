import type { Db } from './database.ts'

interface Job {
  run(): unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Puts all jobs of one macrotask in one transaction, and so behind one fsync. A job's promise resolves after that.
 * When the transaction fails, each job gets one of its own, so that one job's failure is not the others'.
 */
export class GroupCommit {
  readonly #db: Db
  readonly #onRollback: () => void
  #jobs: Job[] = []

  /** `onRollback` is told that whatever jobs have remembered of the database may be wrong. */
  constructor(db: Db, onRollback: () => void) {
    this.#db = db
    this.#onRollback = onRollback
  }

  /** Runs `run`, which is synchronous and may run twice, inside a transaction. Rejects with what SQLite throws. */
  do<T>(run: () => T): Promise<T> {
    if (this.#jobs.length === 0) setImmediate(() => this.flush())
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ run, resolve: resolve as (value: unknown) => void, reject })
    })
  }

  /** Does now what waits. */
  flush(): void {
    const jobs = this.#jobs
    this.#jobs = []
    if (jobs.length === 0) return
    try {
      const results = this.#transaction(() => jobs.map((job) => job.run()))
      for (const [index, job] of jobs.entries()) job.resolve(results[index])
    } catch {
      for (const job of jobs) this.#alone(job)
    }
  }

  #alone(job: Job): void {
    try {
      job.resolve(this.#transaction(() => job.run()))
    } catch (error) {
      job.reject(error)
    }
  }

  #transaction<T>(run: () => T): T {
    try {
      return this.#db.transaction(run).immediate()
    } catch (error) {
      this.#onRollback()
      throw error
    }
  }
}

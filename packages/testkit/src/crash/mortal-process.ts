import type { Clock } from '@sotto/interface'

/**
 * A place where a process may die: at the `nth` call of a port's method since {@link MortalProcess.arm}, before the call has
 * done anything, or after it has and before its caller hears of it.
 */
export interface FaultPoint {
  readonly call: string
  readonly nth: number
  readonly when: 'before' | 'after'
}

export function nameOf({ call, nth, when }: FaultPoint): string {
  return `${when} ${call} ${String(nth)}`
}

/**
 * One life of a process, as its ports see it. Dead, it does nothing and hears nothing any more: calls of its ports neither take
 * effect nor return, its timers do not ring, and no event reaches it. What was committed or sent before stays so.
 */
export class MortalProcess {
  readonly #counts = new Map<string, number>()
  readonly #onDeath: (() => void)[] = []
  readonly #points: FaultPoint[] = []
  readonly #death = Promise.withResolvers<void>()
  #isArmed = false
  #end: FaultPoint | undefined
  isDead = false

  /** Resolves at its death. */
  get death(): Promise<void> {
    return this.#death.promise
  }

  /** The points that were reached since it was armed. */
  get points(): readonly FaultPoint[] {
    return this.#points
  }

  /** Counts from now on, and dies at that point; without one it only counts. */
  arm(end?: FaultPoint): void {
    this.#isArmed = true
    this.#end = end
  }

  /** Counts no more: from now on it cannot die of itself. */
  disarm(): void {
    this.#isArmed = false
  }

  /** What the end of the process does to the world: its connections break, its lock is free. */
  onDeath(run: () => void): void {
    this.#onDeath.push(run)
  }

  die(): void {
    if (this.isDead) return
    this.isDead = true
    for (const run of this.#onDeath) run()
    this.#death.resolve()
  }

  /** A call that answers later. */
  async call<T>(name: string, run: () => Promise<T>): Promise<T> {
    const nth = this.#begin(name)
    if (this.#diesAt(name, nth, 'before')) return never()
    const answer = await run().then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error
      },
    )
    if (this.#diesAt(name, nth, 'after')) return never()
    return answer()
  }

  /** A call that answers nothing, and at once. */
  tell(name: string, run: () => void): void {
    const nth = this.#begin(name)
    if (this.#diesAt(name, nth, 'before')) return
    run()
    this.#diesAt(name, nth, 'after')
  }

  #begin(name: string): number {
    if (!this.#isArmed) return 0
    const nth = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, nth)
    return nth
  }

  /** True when the process is dead from here on, if it was not before. */
  #diesAt(call: string, nth: number, when: FaultPoint['when']): boolean {
    if (this.isDead || nth === 0) return this.isDead
    this.#points.push({ call, nth, when })
    const end = this.#end
    if (end?.call === call && end.nth === nth && end.when === when) this.die()
    return this.isDead
  }
}

function never(): Promise<never> {
  return new Promise(() => {})
}

/** The clock of a process: timers of the dead do not ring. */
export function mortalClock(process: MortalProcess, clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, run) =>
      clock.after(ms, () => {
        if (!process.isDead) run()
      }),
  }
}

const LOCK = 'sotto-leader'
const CHANNEL = 'sotto-leadership'
/** A leader that does not step down in this time hangs; its lock is then taken from it. Milliseconds. */
const PATIENCE = 8_000

export interface LeadershipEvents {
  /** This tab leads from now on, until `onLost` or the promise that `stepDown` gave. */
  onLead(): void
  /** Another tab leads. This one waits and leads when that one goes away. */
  onFollow(): void
  /** Another tab wants to lead: stop all work, then resolve. Afterwards this tab follows. */
  stepDown(): Promise<void>
  /** Another tab took the lead by force, since this one did not answer. */
  onLost(): void
}

export interface Leadership {
  start(): void
  /** Asks the leading tab to stop cleanly, and takes its place. */
  takeOver(): void
}

/** One tab leads: the holder of a Web Lock, which the browser gives back when the tab dies. */
export function createLeadership(locks: LockManager, events: LeadershipEvents): Leadership {
  const channel = new BroadcastChannel(CHANNEL)
  let queued: AbortController | undefined
  let release: (() => void) | undefined

  /** Holds the lock until it is released, or stolen. */
  function hold(): Promise<void> {
    return new Promise<void>((resolve) => {
      release = resolve
      queued = undefined
      events.onLead()
    })
  }

  function wait(): void {
    queued?.abort()
    const mine = new AbortController()
    queued = mine
    locks.request(LOCK, { signal: mine.signal }, hold).then(follow, (error: unknown) => {
      if (!mine.signal.aborted) lost(error)
    })
  }

  function steal(): void {
    queued?.abort()
    queued = undefined
    locks.request(LOCK, { steal: true }, hold).then(follow, lost)
  }

  function follow(): void {
    release = undefined
    events.onFollow()
    wait()
  }

  function lost(error: unknown): void {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
    release = undefined
    events.onLost()
    wait()
  }

  channel.addEventListener('message', () => {
    // A follower goes to the end of the queue, so that the tab that asked is the next one.
    if (release) void events.stepDown().then(release)
    else if (queued) wait()
  })

  return {
    start() {
      void locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? hold().then(() => true) : false)).then(
        () => follow(),
        lost,
      )
    },
    takeOver() {
      channel.postMessage('step down')
      setTimeout(() => {
        if (release === undefined) steal()
      }, PATIENCE)
    },
  }
}

const LOCK = 'sotto-leader'
const CHANNEL = 'sotto-leadership'
/** A leader that does not step down within this time hangs; its lock is then taken from it. Milliseconds. */
const PATIENCE = 8_000

export interface LeadershipEvents {
  /** This tab leads from now on. */
  onLead(): void
  /** Another tab leads. This one waits in line, and leads when that one goes away. */
  onFollow(): void
  /** Another tab wants to lead: stop all work, then resolve. Never rejects. Afterwards this tab follows. */
  stepDown(): Promise<void>
  /** Another tab took the lead by force, since this one did not answer. Afterwards this tab follows. */
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
  let inLine: AbortController | undefined
  let release: (() => void) | undefined
  let losingPatience: ReturnType<typeof setTimeout> | undefined

  /** Runs while this tab holds the lock: until it is released here, or stolen by another tab. */
  function hold(): Promise<void> {
    return new Promise((resolve) => {
      release = resolve
      inLine = undefined
      clearTimeout(losingPatience)
      events.onLead()
    })
  }

  /** Joins the end of the line, leaving an earlier place in it. */
  function queue(): void {
    inLine?.abort()
    const place = new AbortController()
    inLine = place
    locks.request(LOCK, { signal: place.signal }, hold).then(follow, (error: unknown) => {
      if (!place.signal.aborted) lost(error)
    })
  }

  function steal(): void {
    inLine?.abort()
    inLine = undefined
    locks.request(LOCK, { steal: true }, hold).then(follow, lost)
  }

  function follow(): void {
    release = undefined
    events.onFollow()
    queue()
  }

  function lost(error: unknown): void {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
    release = undefined
    events.onLost()
    queue()
  }

  channel.addEventListener('message', () => {
    if (release) void events.stepDown().then(release)
    // Those who only wait go to the end of the line, so that the tab that asked is next.
    else if (inLine) queue()
  })

  return {
    start() {
      const first = locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? hold() : undefined))
      first.then(follow, lost)
    },
    takeOver() {
      channel.postMessage('step down')
      losingPatience = setTimeout(steal, PATIENCE)
    },
  }
}

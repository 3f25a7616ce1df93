import { useState } from 'react'

export interface Picked {
  readonly picked: ReadonlySet<string>
  pick(account: string, on: boolean): void
  clear(): void
}

/** Which of several things are chosen. */
export function usePicked(): Picked {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  return {
    picked,
    pick(account, on) {
      setPicked((now) => new Set(on ? [...now, account] : [...now].filter((one) => one !== account)))
    },
    clear: () => setPicked(new Set()),
  }
}

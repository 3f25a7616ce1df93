import { useSyncExternalStore } from 'react'

const MINUTE = 60_000

/** Milliseconds since 1970, to the minute: what is called today is called yesterday after midnight, also in an open page. */
export function useNow(): number {
  return useSyncExternalStore(everyMinute, thisMinute)
}

function thisMinute(): number {
  return Math.floor(Date.now() / MINUTE) * MINUTE
}

function everyMinute(changed: () => void): () => void {
  const timer = setInterval(changed, MINUTE)
  return () => clearInterval(timer)
}

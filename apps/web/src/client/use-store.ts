import type { ClientSnapshot } from '@sotto/client'
import type { ReadonlyStore } from '@sotto/interface'
import { useCallback, useSyncExternalStore } from 'react'
import { useClient } from './client-context.ts'

/** Binds a component to a store: it renders again after each change. */
export function useStore<T>(store: ReadonlyStore<T>): T {
  const subscribe = useCallback((changed: () => void) => store.subscribe(changed), [store])
  const get = useCallback(() => store.get(), [store])
  return useSyncExternalStore(subscribe, get)
}

export function useClientSnapshot(): ClientSnapshot {
  return useStore(useClient().snapshot)
}

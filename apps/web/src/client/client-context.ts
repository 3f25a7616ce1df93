import type { Client } from '@sotto/client'
import { createContext, useContext } from 'react'
import type { Context } from 'react'

/** The client as views use it: when it starts and stops is not theirs to say. */
export type PageClient = Omit<Client, 'start' | 'stop'>

/** The running client; the only context of the page. */
export const ClientContext: Context<PageClient | undefined> = createContext<PageClient | undefined>(undefined)

export function useClient(): PageClient {
  const client = useContext(ClientContext)
  if (client === undefined) throw new Error('useClient needs a ClientContext above it')
  return client
}

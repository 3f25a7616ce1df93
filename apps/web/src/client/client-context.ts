import type { Client } from '@sotto/client'
import { createContext, useContext } from 'react'
import type { Context } from 'react'

/** The running client; the only context of the page. */
export const ClientContext: Context<Client | undefined> = createContext<Client | undefined>(undefined)

export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === undefined) throw new Error('useClient needs a ClientContext above it')
  return client
}

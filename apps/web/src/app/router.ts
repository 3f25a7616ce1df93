import type { ConversationId, ReadonlyStore, RequestId } from '@sotto/interface'
import { writableStore } from '../client/writable-store.ts'

/** What stands beside the list, or, on a phone, in its place. */
export type Route =
  | { readonly name: 'home' }
  | { readonly name: 'conversation'; readonly id: ConversationId }
  | { readonly name: 'request'; readonly id: RequestId }
  | { readonly name: 'invite' }
  | { readonly name: 'settings' }
  | { readonly name: 'newGroup' }
  | { readonly name: 'join'; readonly link?: string }

export interface Router {
  readonly route: ReadonlyStore<Route>
  go(route: Route): void
  /** To the list, by the browser's own history where we came from there. */
  back(): void
}

const HOME: Route = { name: 'home' }

/**
 * Routes live in the history's state, not in the address: the address bar tells nobody which conversation is open.
 * Only an invitation is an address (`#i=…`); it is taken out of the address bar as soon as the page moves on.
 */
export function createRouter(window: Window): Router {
  const { history, location } = window
  const route = writableStore<Route>(invited(location) ?? stored(history.state) ?? HOME)

  window.addEventListener('popstate', (event) => route.set(invited(location) ?? stored(event.state) ?? HOME))
  window.addEventListener('hashchange', () => {
    const invitation = invited(location)
    if (invitation) route.set(invitation)
  })

  return {
    route,
    go(next) {
      const now = route.get()
      const leavesLink = now.name === 'join' && now.link !== undefined
      const replaces = leavesLink || now.name !== 'home'
      const fromHome = replaces ? isFromHome(history.state) : true
      if (replaces) history.replaceState({ route: next, fromHome }, '', location.pathname)
      else history.pushState({ route: next, fromHome }, '', location.pathname)
      route.set(next)
    },
    back() {
      if (isFromHome(history.state)) history.back()
      else {
        history.replaceState({ route: HOME }, '', location.pathname)
        route.set(HOME)
      }
    },
  }
}

function invited(location: Location): Route | undefined {
  return location.hash.startsWith('#i=') ? { name: 'join', link: location.href } : undefined
}

function stored(state: unknown): Route | undefined {
  if (typeof state !== 'object' || state === null || !('route' in state)) return undefined
  return state.route as Route
}

function isFromHome(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'fromHome' in state && state.fromHome === true
}

import { createRoot } from 'react-dom/client'
import { createRouter } from './app/router.ts'
import { createSession } from './session/session.ts'
import { SessionView } from './session/session-view.tsx'
import { missingHere } from './session/support.ts'

const session = createSession({
  missing: () => missingHere(globalThis),
  // Loaded when it is needed: a page that only says where Sotto is open needs no network stack.
  open: async () => (await import('@sotto/client/browser')).openClient(),
  locks: () => navigator.locks,
})

const place = document.getElementById('app')
if (!place) throw new Error('index.html lost its #app')
createRoot(place).render(<SessionView session={session} router={createRouter(window)} />)
void session.start()

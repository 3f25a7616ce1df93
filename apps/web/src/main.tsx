import { createRoot } from 'react-dom/client'
import { createRouter } from './app/router.ts'
import { followTheme } from './client/theme.ts'
import { createSession } from './session/session.ts'
import { SessionView } from './session/session-view.tsx'
import { missingHere } from './session/support.ts'

// On its way while the page draws its first frame; whether it is used is decided by then.
const messenger = import('@sotto/client/browser')

const session = createSession({
  missing: () => missingHere(globalThis),
  open: async (passphrase) => (await messenger).openClient(passphrase === undefined ? {} : { passphrase }),
  link: async ({ onCode }, options) => (await messenger).linkClient({ onCode }, options),
  locks: () => navigator.locks,
})

followTheme()
const place = document.getElementById('app')
if (!place) throw new Error('index.html lost its #app')
createRoot(place).render(<SessionView session={session} router={createRouter(window)} />)
void session.start()

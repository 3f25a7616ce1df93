import { SottoError } from '@sotto/interface'
import type { AccountId } from '@sotto/interface'
import { createRoot } from 'react-dom/client'
import { createRouter } from '../app/router.ts'
import { followTheme } from '../client/theme.ts'
import { createSession } from '../session/session.ts'
import { SessionView } from '../session/session-view.tsx'
import { missingHere } from '../session/support.ts'
import type { Missing } from '../session/support.ts'
import { fixtureClient } from './fixture-client.ts'
import type { FixtureHandle } from './fixture-client.ts'
import { groupWorld } from './fixture-groups.ts'
import { busyWorld, longWorld, newWorld } from './fixture-data.ts'
import { oddWorld } from './fixture-odd.ts'
import type { World } from './fixture-data.ts'

const PHRASE =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual'

declare global {
  interface Window {
    fixture: FixtureHandle
    /** What becomes of the code that is on show. */
    linking: { answer(): void; expire(): void; fail(sentence: string): void }
  }
}

/** The same page as in `src/main.tsx` over a client without a network: `?world=` new, empty, busy, group, long or odd; `?broken`, `?held=2` opens at the third try, `?hang` never stops; `?locked` asks for the passphrase `correct horse`; `?fresh` as if the account was made just now; `?missing=` opfs, locks, … */
const query = new URLSearchParams(location.search)
const worlds: Readonly<Record<string, () => World>> = {
  new: () => newWorld(''),
  empty: () => newWorld('Mira'),
  busy: () => busyWorld(Date.now()),
  group: () => groupWorld(Date.now()),
  long: () => longWorld(Date.now()),
  odd: () => oddWorld(Date.now()),
}

/** This has become a device of somebody else. */
let linked = false

function linkedWorld(): World {
  const { client, conversations } = busyWorld(Date.now())
  return { conversations, client: { ...client, self: { ...client.self, account: '1e'.repeat(32) as AccountId } } }
}

let held = Number(query.get('held') ?? 0)

const session = createSession({
  async missing() {
    const pretended = query.getAll('missing') as Missing[]
    return pretended.length > 0 ? pretended : missingHere(globalThis)
  },
  async open(passphrase) {
    if (query.has('locked') && passphrase === undefined)
      throw new SottoError('needs-passphrase', 'Your messages are locked.')
    if (query.has('locked') && passphrase !== 'correct horse')
      throw new SottoError('wrong-key', 'This is not the passphrase. Try again.')
    if (held-- > 0) throw new SottoError('store-locked', 'Sotto is already open in another tab.')
    if (query.has('broken'))
      throw new SottoError('store-corrupt', 'Your messages are damaged on this disk. Restore them from a backup.')
    const world = linked ? linkedWorld : worlds[query.get('world') ?? '']
    const { client, handle } = fixtureClient((world ?? newWorld)(''), query.has('hang'))
    window.fixture = handle
    return { client, phrase: query.has('fresh') ? PHRASE : undefined }
  },
  link: ({ onCode }, { signal }) =>
    new Promise((resolve, reject) => {
      const noAnswer = () => reject(new SottoError('no-answer', 'No device of yours has answered.'))
      signal.addEventListener('abort', noAnswer)
      window.linking = {
        answer() {
          linked = true
          resolve({ name: 'Mira' })
        },
        expire: noAnswer,
        fail: (sentence) => reject(new SottoError('fixture', sentence)),
      }
      onCode(`sotto-device:${'Qm9va0NsdWJPblR1ZXNkYXlz'.repeat(8)}`)
    }),
  locks: () => navigator.locks,
})

followTheme()
const place = document.getElementById('app')
if (!place) throw new Error('index.html lost its #app')
createRoot(place).render(<SessionView session={session} router={createRouter(window)} />)
void session.start()

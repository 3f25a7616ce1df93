import type { History } from '../history/history.ts'
import type { Stage } from '../peers/stage.ts'

/** A relay, whose every end and start goes into the history. */
export interface SceneRelay {
  readonly name: string
  readonly address: string
  /** Address of the page, if it serves that. */
  readonly web: string
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** On the same folder and port; resolves when it is ready. */
  restart(): Promise<void>
}

export interface SceneRelayInit {
  /** @default relay */
  readonly name?: string
  /** Serves the built page, too. @default false */
  readonly page?: boolean
}

export async function relayOn(
  stage: Stage,
  history: History,
  { name = 'relay', page = false }: SceneRelayInit,
): Promise<SceneRelay> {
  history.add(name, { type: 'start', kind: 'relay' })
  const relay = await stage.relay({ name, page })
  return {
    name,
    address: relay.address,
    web: relay.web,
    async kill() {
      await relay.kill('SIGKILL')
      history.add(name, { type: 'gone', signal: 'SIGKILL' })
    },
    async restart() {
      history.add(name, { type: 'start', kind: 'relay' })
      await relay.restart()
    },
  }
}

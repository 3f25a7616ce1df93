import type { DeviceSnapshot } from '@sotto/client'
import { useEffect, useState } from 'react'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import { deviceRows } from './device-rows.ts'
import type { DevicesProps } from './devices-part.tsx'

/** The devices as the client knows them now: looked up again whenever anything has changed there. */
export function useDevices(): DevicesProps {
  const client = useClientSnapshot()
  const devices = useIntent('devices')
  const link = useIntent('deviceLink')
  const stop = useIntent('deviceLinkStop')
  const revoke = useIntent('deviceRevoke')
  const [known, setKnown] = useState<readonly DeviceSnapshot[]>()
  const [linked, setLinked] = useState(0)

  const ask = devices.run
  const look = async () => setKnown((await ask({}))?.rows)
  useEffect(() => {
    let isOver = false
    void ask({}).then((answer) => !isOver && answer && setKnown(answer.rows))
    return () => {
      isOver = true
    }
  }, [ask, client])

  return {
    snapshot: {
      rows: known && deviceRows(known),
      canChange: !client.self.retired,
      problem: devices.problem ?? revoke.problem,
      revoking: revoke.busy,
      link: { busy: link.busy, problem: link.problem, linked },
    },
    actions: {
      async link(code) {
        if (!(await link.run({ code }))) return
        setLinked((count) => count + 1)
        await look()
      },
      stopLinking: () => void stop.run({}),
      async revoke(device) {
        if (await revoke.run({ device })) await look()
      },
    },
  }
}

import { decodeDeviceCertificate, decodeDeviceCertificateBody, decodeDeviceChain, fromHex, isHex } from '@sotto/wire'
import { wouldBe } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { linkDevice } from '../devices/link-old.ts'
import { ownConversation } from '../devices/own-conversation.ts'
import { ClientError, unknownId } from '../errors.ts'
import { advance } from '../groups/advance.ts'
import type { Control } from '../groups/control.ts'
import { say } from '../groups/say.ts'
import { Lane } from '../lane.ts'
import type { DeviceSnapshot } from '../snapshots/client-snapshots.ts'
import type { IntentTable } from './table.ts'

/** How long the new device may take to answer. */
const LINK_MS = 120_000

type Names = 'devices' | 'deviceLink' | 'deviceLinkStop' | 'deviceRevoke'

/** The devices of this account, the retired ones last. */
export function deviceIntents(messenger: Messenger): Pick<IntentTable, Names> {
  const { context } = messenger
  const linkings = new Lane()
  let stop = new AbortController()
  return {
    devices: async () => ({ rows: devicesOf(messenger) }),
    deviceLink: async ({ code }) => {
      messenger.assertMayMeet()
      const asked = stop.signal
      // One after the other: there is one Welcome for the account's own devices.
      return linkings.run(() => {
        if (asked.aborted) throw linkStopped()
        const signal = AbortSignal.any([asked, AbortSignal.timeout(LINK_MS)])
        return linkDevice(messenger, code, { signal }).catch((error: unknown) => {
          throw asked.aborted && error instanceof ClientError && error.code === 'no-answer' ? linkStopped() : error
        })
      })
    },
    deviceLinkStop: () => {
      stop.abort()
      stop = new AbortController()
      return Promise.resolve({})
    },
    deviceRevoke: async ({ device }) => {
      const own = ownConversation(messenger.conversations.values())
      const isOurs = isHex(device, 32) && own?.control?.view.desired.some((leaf) => leaf.device === device)
      if (isOurs !== true) throw unknownId('device')
      if (device === context.profile().device) {
        throw new ClientError('own-device', 'This device cannot revoke itself. Revoke it from another one.')
      }
      const body = { kind: 'revoke', device: device as DeviceId } as const
      if (own?.control === undefined || !wouldBe(own.control.log, body, context.profile())) {
        throw new ClientError(
          'older-device',
          'That device is older than this one. Revoke it from one that is older still.',
        )
      }
      for (const conversation of messenger.conversations.values()) await revokeIn(conversation, device as DeviceId)
      context.changed()
      return {}
    },
  }
}

function linkStopped(): ClientError {
  return new ClientError('link-stopped', 'Linking was stopped, and the new device is not linked.')
}

function devicesOf(messenger: Messenger): DeviceSnapshot[] {
  const { device: self, chain, revoked = false } = messenger.context.profile()
  const current: DeviceSnapshot = { device: self, current: true, addedAt: certifiedAt(chain) }
  const control = knownOwn(messenger, revoked)
  const others = control?.view.desired.filter(({ device }) => device !== self) ?? []
  const there: DeviceSnapshot[] = [
    ...(revoked ? [] : [current]),
    ...others.map(({ device }) => ({ device, current: false, addedAt: addedAt(control, device) })),
  ]
  const out: DeviceSnapshot[] = [
    ...(revoked ? [{ ...current, retired: true } as const] : []),
    ...retiredDevices(messenger).filter(({ device }) => !there.some((entry) => entry.device === device)),
  ]
  const byAge = (rows: DeviceSnapshot[]): DeviceSnapshot[] => rows.toSorted((a, b) => a.addedAt - b.addedAt)
  return [...byAge(there), ...byAge(out)]
}

/** The log of the own conversation; of a device that was revoked as it heard it last. */
function knownOwn({ conversations }: Messenger, revoked: boolean): Control | undefined {
  const own = ownConversation(conversations.values())
  if (own !== undefined || !revoked) return own?.control
  return [...conversations.values()].find(({ kind }) => kind === 'self')?.control
}

/** Other devices of this account that are out for good, as the logs of its conversations tell. */
function retiredDevices({ context, conversations }: Messenger): DeviceSnapshot[] {
  const { account, device: current } = context.profile()
  const found = new Map<DeviceId, DeviceSnapshot>()
  for (const { control } of conversations.values())
    for (const device of control?.view.gone ?? []) {
      if (device === current || control?.accountOf(device) !== account) continue
      found.set(device, { device, current: false, addedAt: addedAt(control, device), retired: true })
    }
  return [...found.values()]
}

function addedAt(control: Control | undefined, device: DeviceId): number {
  return certifiedAt(control?.introduced(device)?.chain ?? new Uint8Array())
}

/** When a device was certified, as its certificate says; milliseconds since 1970. */
function certifiedAt(chain: Uint8Array): number {
  const decoded = decodeDeviceChain(chain)
  const last = decoded.ok ? decodeDeviceCertificate(decoded.value.certificates.at(-1) ?? new Uint8Array()) : undefined
  const body = last?.ok === true ? decodeDeviceCertificateBody(last.value.body) : undefined
  return body?.ok === true ? body.value.createdAt * 1000 : 0
}

/** Says so wherever it is, so that nothing is sealed for it any more. */
async function revokeIn(conversation: Conversation, device: DeviceId): Promise<void> {
  const own = conversation.context.profile()
  const body = { kind: 'revoke', device } as const
  await conversation.lane.run(async () => {
    const { control } = conversation
    const isIn = control?.view.desired.some((leaf) => leaf.device === device) === true
    if (control === undefined || conversation.isOver || !isIn || !wouldBe(control.log, body, own)) return
    await say(conversation, { case: 'revoke', value: { device: fromHex(device) } })
    await advance(conversation)
  })
}

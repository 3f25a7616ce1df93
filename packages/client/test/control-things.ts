import type { Body } from '@sotto/group'
import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'
import type { SignedRecord } from '@sotto/wire'
import type { Introduced } from '../src/groups/checked-thing.ts'
import type { Kept } from '../src/groups/control.ts'

// Control things as if they had been checked: their ids are their names.

export const id = (name: string): string => Buffer.from(name.padEnd(32, '.')).toString('hex')
export const device = (name: string): DeviceId => id(`device ${name}`) as DeviceId
export const account = (name: string): AccountId => id(`account ${name}`) as AccountId

export function introduced(name: string, of: string = name): Introduced {
  return { account: account(of), device: device(name), chain: new Uint8Array(), name }
}

export function thing(
  name: string,
  author: string,
  seq: number,
  body: Body,
  about: { deps?: string[]; introduced?: Introduced[]; lamport?: number },
): Kept {
  const { deps = [], lamport = seq + deps.length } = about
  return {
    thing: {
      id: id(name) as ThingId,
      device: device(author),
      seq,
      ...(seq > 1 ? { prev: id(`${author} ${String(seq - 1)}`) as ThingId } : {}),
      deps: deps.map((dep) => id(dep) as ThingId),
      lamport,
      epoch: id('first') as EpochId,
      body,
    },
    record: {
      body: new Uint8Array(),
      device: new Uint8Array(),
      signature: new Uint8Array(),
    } as unknown as SignedRecord,
    introduced: about.introduced ?? [],
    madeAt: 0,
    attachmentHash: new Uint8Array(),
    keyPackageHashes: [],
    headsHash: new Uint8Array(),
    saidFloor: 0,
    attachment: new Uint8Array(),
  }
}

const founders = ['anna', 'ben'].map((name) => ({ account: account(name), devices: [device(name)] }))

/** The group of Anna and Ben. */
export const create: Kept = thing(
  'anna 1',
  'anna',
  1,
  { kind: 'create', is: 'group', title: 'Walks', founders, child: id('first') as EpochId },
  { introduced: [introduced('anna'), introduced('ben')] },
)

import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'
import { analyzeSet, type Analysis, type ClosedSet } from '../rules/analysis.ts'
import { append, arenaOf, type Arena } from '../rules/arena.ts'
import { bitsOf, hasBit, putBit, type Bits } from '../rules/bits.ts'
import { createNode } from '../rules/create.ts'
import type { Epoch } from '../rules/epoch.ts'
import { nodeOf, pastOf } from '../rules/judge.ts'
import type { Node } from '../rules/node.ts'
import type { Body, ConversationKind, Thing } from '../rules/thing.ts'
import { type Plants } from './plants.ts'
import type { Statement } from './restoring.ts'
import { randomFrom, type Random } from './random.ts'

/** Things that a run has at most. */
const MOST_THINGS = 1280
const MOST_THINGS_OF_LARGE = 4096
/** Devices that a world has at most. */
export const MOST_DEVICES = 24

/** What a device holds of an epoch: its state, or why not. */
export type Holding = 'held' | 'read' | 'lost' | 'grace' | 'barred'

/** A message that somebody sealed in an epoch. Whoever holds that epoch's state reads it: there is no cryptography here. */
export interface Message {
  readonly number: number
  readonly author: Device
  /** Of its author's messages. */
  readonly seq: number
  readonly epoch: Epoch
  readonly day: number
}

/** One device, honest or not. What it knows is a closed set of things. */
export interface Device {
  readonly id: DeviceId
  readonly account: Account
  isEvil: boolean
  /** What the device knew when somebody copied its store. From then on it acts for its person and for the thief, who begins from here. */
  copied: ClosedSet | undefined
  readonly known: Bits
  heads: number[]
  size: number
  analysis: Analysis
  readonly waiting: Set<number>
  readonly received: Set<Message>
  readonly opened: Set<Message>
  readonly states: Map<Epoch, Holding>
  /** Day on which an epoch came onto this device's path. */
  readonly since: Map<Epoch, number>
  /** Day on which it knew an epoch as agreed. */
  readonly agreedSince: Map<Epoch, number>
  last: Node | undefined
  said: number
  hasJoined: boolean
  final: Epoch | undefined
  finalDay: number
  /** The tip on which it asked to come back. */
  asked: Epoch | undefined
  side: number
  isOnline: boolean
  kept: number
  /** Days by which its clock is wrong. */
  skew: number
}

export interface Account {
  readonly id: AccountId
  readonly isFirst: boolean
  /** None of its devices is malicious. */
  isHonest: boolean
  readonly devices: Device[]
}

/** What a device does with its states, in the order in which it happens: enough to play a world again with a group engine. */
export type Happening =
  | { readonly type: 'enter' | 'shut' | 'forget'; readonly device: Device; readonly epoch: Epoch }
  /** `isOld`: with the state that a thief has of the parent. */
  | { readonly type: 'commit'; readonly device: Device; readonly epoch: Epoch; readonly isOld: boolean }
  | { readonly type: 'copy'; readonly device: Device }
  | { readonly type: 'seal' | 'open'; readonly device: Device; readonly message: Message }

export interface Failure {
  readonly kind: string
  readonly text: string
}

/** What malicious committers do to a commit: some cannot enter it. */
export interface Harm {
  readonly barred: ReadonlySet<Device>
}

/** How life goes in a world: people mostly talk, mostly quarrel over who is in, or are mostly away. */
export type Temper = 'talk' | 'strife' | 'absence'

export class World {
  readonly temper: Temper
  readonly seed: number
  readonly random: Random
  readonly arena: Arena = arenaOf([])
  readonly devices: Device[] = []
  readonly accounts: Account[] = []
  readonly messages: Message[] = []
  readonly failures: Failure[] = []
  readonly happenings: Happening[] = []
  readonly counts: Map<string, number> = new Map()
  readonly harms: Map<Node, Harm> = new Map()
  /** Epochs that a thief made with the state that he has of their parent. */
  readonly olds: Set<Epoch> = new Set()
  /** Things that malicious devices show to some only. */
  readonly hidden: Map<Node, Set<Device>> = new Map()
  /** How many messages a device had sealed when it made a thing. */
  readonly saidAt: Map<Node, number> = new Map()
  /** Of these, what they show very late or never. */
  readonly withheld: Set<Node> = new Set()
  /** Acceptances that accounts gave: when, and by what number of things. */
  readonly acceptances: {
    readonly name: string
    readonly account: Account
    readonly madeAt: number
    readonly devices: readonly Device[]
  }[] = []
  /** What account keys signed, in the order in which they did. */
  readonly statements: Statement[] = []
  /** Epochs that honest devices took for final. */
  readonly finals: { readonly device: Device; readonly epoch: Epoch }[] = []
  /** When an honest device took for final what is on another path than before. */
  readonly reverts: { readonly device: Device; readonly from: Epoch; readonly to: Epoch }[] = []
  readonly plants: Plants
  readonly hasEvil: boolean
  readonly isLarge: boolean
  /** Malicious devices never fork their chains, which would put them out: they are heard to the end. */
  readonly isCunning: boolean
  day = 0
  isSettled = false
  sockPuppets = 0
  /** Malicious devices name every epoch to the end, and never show that they know it as agreed. */
  evilNeverMarks = false
  /** Called whenever an honest device has sealed a message. */
  observe: (device: Device, message: Message) => void = () => {}

  constructor(seed: number, { plants, hasEvil, isLarge }: { plants: Plants; hasEvil: boolean; isLarge: boolean }) {
    this.seed = seed
    this.random = randomFrom(seed)
    const roll = this.random(4)
    this.temper = roll === 0 ? 'strife' : roll === 1 ? 'absence' : 'talk'
    this.plants = plants
    this.hasEvil = hasEvil
    this.isLarge = isLarge
    this.isCunning = hasEvil && this.random(2) === 0
  }

  /** Whether one more malicious device, of `more` new ones, leaves them a third of all at most. Small worlds bear more. */
  bearsEvil(more: number): boolean {
    const evil = this.devices.filter(({ isEvil }) => isEvil).length
    return !this.isLarge || 3 * (evil + 1) <= this.devices.length + more
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }

  fail(kind: string, text: string): void {
    this.failures.push({ kind, text })
  }
}

export function newAccount(world: World, isHonest: boolean): Account {
  const name = String(world.accounts.length).padStart(2, '0')
  // Ids that sort differently than they were made.
  const id = `${world.random(256).toString(16).padStart(2, '0')} account ${name}` as AccountId
  const account: Account = { id, isFirst: world.accounts.length === 0, isHonest, devices: [] }
  world.accounts.push(account)
  return account
}

/** A device that knows the create, once there is one. */
export function newDevice(world: World, account: Account, isEvil: boolean): Device {
  const name = String(world.devices.length).padStart(2, '0')
  const { arena } = world
  const [create] = arena.nodes
  const known = new Uint32Array((world.isLarge ? MOST_THINGS_OF_LARGE : MOST_THINGS) / 32)
  const device: Device = {
    id: `${world.random(256).toString(16).padStart(2, '0')} device ${name}` as DeviceId,
    account,
    isEvil: false,
    copied: undefined,
    known,
    heads: [0],
    size: 1,
    // Before the create nobody asks.
    analysis: create === undefined ? (undefined as unknown as Analysis) : analyzeSet(arena, pastOf([create], 1)),
    waiting: new Set(),
    received: new Set(),
    opened: new Set(),
    states: new Map(),
    since: new Map(),
    agreedSince: new Map(),
    last: undefined,
    said: 0,
    hasJoined: false,
    final: undefined,
    finalDay: 0,
    asked: undefined,
    side: 0,
    isOnline: true,
    kept: 0,
    skew: 0,
  }
  putBit(known, 0)
  account.devices.push(device)
  world.devices.push(device)
  if (isEvil) turnEvil(device)
  return device
}

export function turnEvil(device: Device): void {
  device.isEvil = true
  device.account.isHonest = false
}

/** Makes the create, by the first account's first device. */
export function beginWith(world: World, is: ConversationKind): Node {
  const founders = world.accounts.map(({ id, devices }) => ({
    account: id,
    devices: devices.map((device) => device.id),
  }))
  const [first] = world.devices
  if (first === undefined) throw new Error('nobody begins')
  const child = 'epoch 0' as EpochId
  const node = createNode({
    id: idFor(world, 'create'),
    account: first.account.id,
    device: first.id,
    seq: 1,
    deps: [],
    lamport: 1,
    epoch: child,
    body: { kind: 'create', is, title: 'Title', founders, child },
  })
  if (node?.epoch === undefined) throw new Error('the create is no good')
  append(world.arena, node)
  for (const device of world.devices) {
    device.analysis = analyzeSet(world.arena, pastOf([node], 1))
    device.states.set(node.epoch, 'held')
    device.hasJoined = true
  }
  first.last = node
  return node
}

/** Ids begin at random, since the rules compare them. */
export function idFor(world: World, what: string): ThingId {
  return `${world
    .random(2 ** 30)
    .toString(16)
    .padStart(8, '0')} ${what} ${world.arena.nodes.length}` as ThingId
}

/** The day by the device's own clock. */
export function dayAt({ day }: World, { skew }: Device): number {
  return day + skew
}

export function knownTo({ known, size, heads }: Device): ClosedSet {
  return { members: known, size, heads }
}

/** Signs a thing on top of a closed set and puts it into the world; nobody knows it yet. */
export function makeOn(world: World, device: Device, set: ClosedSet, body: Body, changes: Partial<Thing> = {}): Node {
  const { arena } = world
  const analysis = analyzeSet(arena, set)
  const deps = set.heads.flatMap((index) => arena.nodes[index]?.id ?? [])
  const last = analysis.facts.latest.get(device.id)
  const thing: Thing = {
    id: idFor(world, body.kind),
    account: device.account.id,
    device: device.id,
    seq: (last?.thing.seq ?? 0) + 1,
    ...(last === undefined ? {} : { prev: last.id }),
    deps,
    lamport: analysis.facts.lamport + 1,
    epoch: analysis.tip.id,
    body,
    ...changes,
  }
  const references = [...new Set([...deps, ...(last === undefined ? [] : [last.id])])]
  const node = nodeOf(
    arena,
    thing,
    references.flatMap((id) => arena.index.get(id) ?? []),
  )
  append(arena, node)
  world.saidAt.set(node, device.said)
  world.count(`${device.isEvil ? 'evil' : 'honest'} ${body.kind}`)
  return node
}

/** Takes things in, those that can join the closed set at once and those that have to wait. */
export function learn(world: World, device: Device, indexes: readonly number[], entered: (node: Node) => void): void {
  for (const index of indexes) if (!hasBit(device.known, index)) device.waiting.add(index)
  for (const index of [...device.waiting].toSorted((a, b) => a - b)) {
    const node = world.arena.nodes[index]
    if (node === undefined || bitsOf(node.past, device.known).length > 0) continue
    device.waiting.delete(index)
    putBit(device.known, index)
    device.size++
    device.heads = [...device.heads.filter((head) => !node.heads.includes(head)), index].toSorted((a, b) => a - b)
    entered(node)
  }
}

import type { ConversationKind } from '../rules/thing.ts'
import { actAsInsider, nameTip, steal } from './insider.ts'
import { doDuties } from './duties.ts'
import { look, say, send } from './device.ts'
import { pull, reveal } from './network.ts'
import { wellFormedFor } from './may.ts'
import type { Plants } from './plants.ts'
import { maybeRestore, replayStatement } from './restoring.ts'
import { actAsUser } from './user.ts'
import { beginWith, MOST_DEVICES, newAccount, newDevice, turnEvil, World, type Device } from './world.ts'

export interface Settings {
  readonly hasEvil: boolean
  readonly plants?: Plants
  /** Worlds of 4 to 12 accounts that have 8 to 24 devices together, at most a third of them malicious. */
  readonly isLarge?: boolean
  /** Turns before connectivity returns. */
  readonly turns?: number
}

const TURNS = 70
const TURNS_OF_LARGE = 45
const LIVELY_THINGS = 420
const MOST_LIVELY_THINGS = 1200
const MOST_LIVELY_THINGS_OF_LARGE = 3900
const FEWEST_DEVICES = 8

/** A world of 1 to 5 accounts with 1 to 3 devices, some of them malicious; mostly a group with admins. */
export function worldOf(seed: number, { hasEvil, plants = {}, isLarge = false }: Settings): World {
  const world = new World(seed, { plants, hasEvil, isLarge })
  if (isLarge) {
    peopleLarge(world)
    beginWith(world, 'group')
  } else beginWith(world, peopleSmall(world))
  appointSome(world)
  return world
}

/** Accounts and devices of a small world; answers what kind of conversation they have. */
function peopleSmall(world: World): ConversationKind {
  const { random, hasEvil } = world
  const size = random(12) === 0 ? 1 : 2 + random(4)
  const evil = new Set<number>()
  const evils = size < 3 ? random(2) : 1 + random(Math.max(1, Math.ceil(size / 2) - 1))
  // The owner is malicious in some worlds too.
  if (hasEvil && size > 1) for (let i = 0; i < evils; i++) evil.add(random(4) > 0 ? 1 + random(size - 1) : random(size))
  for (let place = 0; place < size; place++) {
    const account = newAccount(world, true)
    const devices = (size === 1 ? 2 : 1) + Number(random(3) === 0)
    for (let i = 0; i < devices; i++) {
      // Of some malicious accounts only the younger device was stolen.
      const isSpared = i === 0 && devices > 1 && random(3) === 0
      newDevice(world, account, evil.has(place) && !isSpared)
    }
  }
  if (size === 1) return 'self'
  return size === 2 && random(2) === 0 ? 'pair' : 'group'
}

function peopleLarge(world: World): void {
  const { random, hasEvil } = world
  // Up to the largest, but mostly small: what a world costs with cryptography grows with the square.
  const size = 4 + Math.min(random(9), random(9))
  const room = Math.min(MOST_DEVICES, 3 * size) - Math.max(size, FEWEST_DEVICES)
  const count = Math.max(size, FEWEST_DEVICES) + Math.min(random(room + 1), random(room + 1), random(room + 1))
  for (let place = 0; place < size; place++) newDevice(world, newAccount(world, true), false)
  while (world.devices.length < count) {
    const account = world.accounts[random(size)]
    if (account !== undefined && account.devices.length < 3) newDevice(world, account, false)
  }
  const evils = hasEvil ? 1 + random(Math.floor(count / 3)) : 0
  for (let i = 0; i < evils; i++) {
    const device = world.devices[random(count)]
    if (device !== undefined && world.bearsEvil(0)) turnEvil(device)
  }
}

function appointSome(world: World): void {
  const [owner] = world.devices
  if (owner === undefined) return
  for (const account of world.accounts.slice(1)) {
    const body = { kind: 'appoint', account: account.id } as const
    if (world.random(3) > 0 && wellFormedFor(world, owner, body)) say(world, owner, body)
  }
}

/** Plays a world to its end. */
export function play(world: World, { isLarge = false, turns = isLarge ? TURNS_OF_LARGE : TURNS }: Settings): World {
  for (let turn = 0; turn < turns && world.arena.nodes.length < LIVELY_THINGS; turn++) takeTurn(world)
  settle(world)
  return world
}

function takeTurn(world: World): void {
  const { random, devices } = world
  const isAbsence = world.temper === 'absence'
  if (random(40) === 0) jump(world)
  if (world.hasEvil && random(60) === 0) steal(world)
  if (random(isAbsence ? 24 : 9) === 0) partition(world)
  world.day += random(isAbsence ? 10 : 30) === 0 ? 8 + random(30) : random(3) / 4
  const device = devices[random(devices.length)]
  if (device?.isEvil === true && device.hasJoined && (device.copied === undefined || random(2) === 0)) {
    for (let i = 0; i <= random(2); i++) actAsInsider(world, device)
    if (random(8) === 0) replayStatement(world, device)
    if (random(3) > 0) send(world, device)
  } else if (device !== undefined && (!device.isEvil || device.copied !== undefined)) {
    if (device.states.size > 0) actAsUser(world, device)
    doDuties(world, device, false)
  }
  maybeRestore(world)
  if (random(4) === 0) reveal(world)
  for (let i = 0; i < 6; i++) meet(world)
}

/** A device's clock is wrong from now on, by up to a year in either direction, or right again. */
function jump(world: World): void {
  const { random, devices } = world
  const device = devices[random(devices.length)]
  if (device === undefined) return
  device.skew = random(3) === 0 ? 0 : random(730) - 365
  world.count('clock jumps')
}

function partition(world: World): void {
  const parts = 1 + world.random(3)
  for (const device of world.devices) {
    device.side = world.random(parts)
    device.isOnline = world.random(5) > 0
  }
  world.count('partitions')
}

function meet(world: World): void {
  const { random, devices } = world
  const [a, b] = [devices[random(devices.length)], devices[random(devices.length)]]
  if (a === undefined || b === undefined || a === b || !a.isOnline || !b.isOnline || a.side !== b.side) return
  if (random(12) === 0) return world.count('losses')
  pull(world, a, b, false)
  if (!a.isEvil) doDuties(world, a, false)
}

/** Connectivity returns; what was withheld is shown or never will be; the malicious fall silent; days pass until nobody has anything to do. */
function settle(world: World): void {
  for (const device of world.devices) Object.assign(device, { side: 0, isOnline: true })
  if (world.random(2) === 0) world.hidden.clear()
  world.evilNeverMarks = world.random(2) === 0
  const most = world.isLarge ? MOST_LIVELY_THINGS_OF_LARGE : MOST_LIVELY_THINGS
  let quiet = 0
  for (let round = 0; round < 60 && quiet < 4 && world.arena.nodes.length < most; round++) {
    const everybody = [...world.devices]
    for (const a of everybody) for (const b of everybody) if (a !== b) pull(world, a, b, true)
    const honest = everybody.filter(({ isEvil }) => !isEvil)
    if (world.evilNeverMarks)
      for (const device of everybody) if (device.isEvil && device.hasJoined) nameTip(world, device)
    const busy = honest.filter((device) => act(world, device, honest))
    quiet = busy.length > 0 ? 0 : quiet + 1
    if (busy.length > 0) continue
    world.day += 31
    for (const device of honest) look(world, device)
  }
  world.isSettled = quiet >= 4
}

function act(world: World, device: Device, others: readonly Device[]): boolean {
  if (!doDuties(world, device, true)) return false
  for (const other of others) if (other !== device) pull(world, other, device, true)
  return true
}

import { bitsOf } from '../rules/bits.ts'
import { pastOf } from '../rules/judge.ts'
import type { Node } from '../rules/node.ts'
import { say, takeIn } from './device.ts'
import { wellFormedFor } from './may.ts'
import { pull } from './network.ts'
import { oneOf } from './random.ts'
import { knownTo, makeOn, newDevice, type Account, type Device, type World } from './world.ts'

const MOST_DEVICES = 20

/** What an account key signed: a device of it, and a number that is higher the later it signed. */
export interface Statement {
  readonly account: Account
  readonly device: Device
  readonly number: number
  /** Its person signed it, not a thief of the phrase. */
  readonly isHonest: boolean
}

/** Now and then a person loses devices and sets up another from the phrase, or an account key is used by whoever has no right to. */
export function maybeRestore(world: World): void {
  const { random, accounts, devices } = world
  if (random(45) > 0 || devices.length >= MOST_DEVICES || accounts.length < 2) return
  const account = oneOf(random, accounts)
  if (account === undefined || account.devices.every(({ hasJoined }) => !hasJoined)) return
  if (isKnave(world, account)) return stealBack(world, account)
  // The first devices go on as they were: found by somebody, or malicious for long. In some worlds the new one is malicious too, until a later one.
  const device = newDevice(world, account, world.hasEvil && random(6) === 0 && world.bearsEvil(1))
  const contact = oneOf(
    random,
    devices.filter((other) => other.account !== account && other.hasJoined),
  )
  device.side = contact?.side ?? 0
  world.statements.push({ account, device, number: world.statements.length + 1, isHonest: true })
  world.count('restored')
  if (contact !== undefined) pull(world, device, contact, true)
  if (device.isEvil) device.hasJoined = true
  else recoverIfDue(world, device)
  for (const lost of account.devices) if (lost !== device && random(2) === 0) strikeBeside(world, lost)
}

/** Says `recover` as soon as a restored device knows a conversation that its account is in. */
export function recoverIfDue(world: World, device: Device): boolean {
  const statement = world.statements.find((one) => one.device === device)
  if (statement === undefined || device.isEvil || device.last !== undefined) return false
  const body = { kind: 'recover', number: statement.number } as const
  if (!wellFormedFor(world, device, body)) return false
  say(world, device, body)
  device.hasJoined = true
  return true
}

/** A malicious device uses the statement that it has: again, late, or on what it knew long ago. */
export function replayStatement(world: World, device: Device): void {
  const statement = world.statements.find((one) => one.device === device)
  if (statement === undefined || !device.isEvil) return
  recoverOnSome(world, device, statement.number)
}

/** A lost device that is in malicious hands does what harm it can before it hears of the restored one. */
function strikeBeside(world: World, device: Device): void {
  const { random } = world
  const { membership } = device.analysis
  if (!device.isEvil || !device.hasJoined) return
  const others = [...membership.seats.keys()].filter((account) => account !== device.account.id)
  const account = oneOf(random, others)
  const roll = random(5)
  if (roll === 0) say(world, device, { kind: 'leave' })
  else if (roll === 1 && world.devices.length < MOST_DEVICES)
    say(world, device, { kind: 'grant', device: newDevice(world, device.account, true).id })
  else if (account !== undefined) say(world, device, { kind: 'remove', account })
  world.count('evil strikes beside a recover')
}

/** Whether its account key is in malicious hands, and its person never had reason to restore. */
function isKnave(world: World, account: Account): boolean {
  const hasPerson = world.statements.some((one) => one.account === account && one.isHonest)
  return !hasPerson && account.devices.every(({ isEvil }) => isEvil) && world.random(4) > 0
}

/** A malicious account signs a recover for itself with whatever number it likes. */
function stealBack(world: World, account: Account): void {
  const { random } = world
  if (!world.bearsEvil(1)) return
  const device = newDevice(world, account, true)
  const number = 1 + random(world.statements.length + 4)
  world.statements.push({ account, device, number, isHonest: false })
  const fellow = oneOf(random, account.devices)
  if (fellow !== undefined) takeIn(world, device, bitsOf(fellow.known, device.known))
  device.side = fellow?.side ?? 0
  device.hasJoined = true
  recoverOnSome(world, device, number)
}

function recoverOnSome(world: World, device: Device, number: number): void {
  const { random, arena } = world
  const from = arena.nodes[oneOf(random, bitsOf(device.known)) ?? 0]
  const isOld = random(3) === 0 && from !== undefined
  const set = isOld ? pastOf([from], arena.nodes.length) : knownTo(device)
  const node: Node = makeOn(world, device, set, { kind: 'recover', number })
  device.last = node
  takeIn(world, device, [node.index])
}

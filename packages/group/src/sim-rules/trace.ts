import type { Node } from '../rules/node.ts'
import type { Body } from '../rules/thing.ts'
import type { World } from './world.ts'

/** A played world in words: every thing that was made, then how each device ended. */
export function traceOf(world: World): string {
  const things = world.arena.nodes.map((node) => line(world, node))
  const devices = world.devices.map((device) => {
    const { analysis, states, kept } = device
    const leaves = [...analysis.membership.leaves.keys()].map((id) => short(id)).join(' ')
    const held = [...states].map(([epoch, holding]) => `${epoch.node.index}:${holding}`).join(' ')
    const { tip, lock, final } = analysis
    const path = `tip ${tip.node.index} lock ${lock.node.index} final ${final.node.index}`
    return `${name(world, device.id)} ${path} keeps ${kept}; wants ${leaves}; ${held}`
  })
  return [...things, ...devices, ...world.failures.map(({ kind, text }) => `FAILED ${kind}: ${text}`)].join('\n')
}

function line(world: World, { index, thing, body, isWellFormed, heads, tip, lock, epoch }: Node): string {
  const counts = isWellFormed ? '' : ' COUNTS FOR NOTHING'
  const tree =
    epoch === undefined ? '' : ` tree ${epoch.tree.map(({ device, by }) => `${short(device)}.${by}`).join(' ')}`
  const where = `on ${heads.join(',')} tip ${tip.node.index} lock ${lock.node.index}`
  return `${index} ${name(world, thing.device)}#${thing.seq} ${thing.body.kind} ${about(world, body)}${tree} ${where}${counts}`
}

function about(world: World, body: Body): string {
  switch (body.kind) {
    case 'add':
      return `${short(body.account)} (${body.devices.map(short).join(' ')}) by ${body.acceptance}`
    case 'remove':
    case 'appoint':
    case 'demote':
      return short(body.account)
    case 'grant':
    case 'revoke':
      return short(body.device)
    case 'attest':
    case 'stale':
      return short(body.leaf.device)
    case 'stuck':
      return String(world.arena.index.get(body.commit)?.index)
    default:
      return ''
  }
}

function name(world: World, id: string): string {
  const device = world.devices.find((one) => one.id === id)
  return `${short(id)} of ${short(device?.account.id ?? '')}${device?.isEvil === true ? '!' : ''}`
}

/** Ids here end in the number of a device or account. */
function short(id: string): string {
  return id.includes('account') ? `a${id.slice(-2)}` : `d${id.slice(-2)}`
}

import { isDeepStrictEqual } from 'node:util'
import { analyze } from '../rules/analyze.ts'
import { bitsOf } from '../rules/bits.ts'
import { emptyLog, withThing, type ControlLog } from '../rules/control-log.ts'
import type { Thing } from '../rules/thing.ts'
import { shuffled } from './random.ts'
import type { Device, World } from './world.ts'

/** What a device knows means the same in another order of coming in, and to a log that judges everything itself. */
export function checkOrder(world: World, device: Device): void {
  const things = bitsOf(device.known).flatMap((index) => world.arena.nodes[index]?.thing ?? [])
  const [create, ...rest] = things
  if (create === undefined) return
  const view = analyze(insertedIn(things))
  const other = analyze(insertedIn([create, ...shuffled(world.random, rest)]))
  if (!isDeepStrictEqual(view, other)) world.fail('order-matters', device.id)
  if (view.tip !== device.analysis.tip.id) world.fail('log-differs', device.id)
}

function insertedIn(things: readonly Thing[]): ControlLog {
  let log = emptyLog()
  for (const thing of things) log = withThing(log, thing).log
  return log
}

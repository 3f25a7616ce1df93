import { killAfterDelivered, killAfterSent, killInBurst } from '../scene/faults.ts'
import { onScene, type Scene } from '../scene/scene.ts'
import type { Scenario } from './scenario.ts'

export interface ChurnInit {
  /** How often somebody, or two, are killed in a burst of messages; each tick is put to its test every second time. */
  readonly rounds: number
  /** They have a group, too. */
  readonly group: boolean
}

export function churn({ rounds, group }: ChurnInit): Scenario {
  return {
    about:
      'three who talk with each other, one of them in a Chromium, in pairs and in a group, are killed and started again all the time',
    play: (stage) =>
      onScene(stage, async (on) => {
        const relay = await on.relay({ page: true })
        const [alice, bob, carol] = await Promise.all([
          on.terminal('Alice', relay),
          on.terminal('Bob', relay),
          on.page('Carol', relay),
        ])
        const people = [alice, bob, carol]
        await on.contacts(alice, bob)
        await on.contacts(alice, carol)
        await on.contacts(bob, carol)
        if (group) await on.group('Friends', alice, [bob, carol])
        for (let round = 0; round < rounds; round += 1) {
          const first = on.random.pick(people)
          const victims = new Set(on.random.chance(1 / 3) ? [first, on.random.pick(people)] : [first])
          await killInBurst(on, [...victims], on.seats)
          if (round % 2 === 0) await killAfterTick(on)
        }
      }),
  }
}

async function killAfterTick(on: Scene): Promise<void> {
  const author = on.random.pick(on.seats)
  const listener = on.seats.find(
    ({ peer, conversation }) => conversation === author.conversation && peer !== author.peer,
  )
  if (listener === undefined) throw new Error('Nobody listens there.')
  const test = on.random.pick([killAfterSent, killAfterDelivered])
  await test(on, author, listener.peer)
}

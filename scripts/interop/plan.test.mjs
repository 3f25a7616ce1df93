import { expect, test } from 'vitest'
import { planOf } from '../../interop/src/plan.ts'
import { scenarios } from '../../interop/src/scenarios.ts'

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1)
const STEPS = 80

test('the same seed, the same plan; another seed, another one', () => {
  expect(planOf(7, STEPS)).toEqual(planOf(7, STEPS))
  expect(new Set(SEEDS.map((seed) => JSON.stringify(planOf(seed, STEPS)))).size).toBe(SEEDS.length)
  expect(planOf(7, 10).operations).toEqual(planOf(7, STEPS).operations.slice(0, 11))
})

test.for(Object.entries(scenarios))('scenario %s can be played', ([, plan]) => {
  checkPlayable(plan)
})

test('the plans of seeds 1 to 30 can be played, and have every operation of both sides', () => {
  const seen = new Set(SEEDS.flatMap((seed) => [...checkPlayable(planOf(seed, STEPS))]))
  expect([...seen].toSorted()).toEqual(
    [
      'founded by ours',
      'founded by theirs',
      ...['ours', 'theirs'].flatMap((kind) => [
        `${kind} adds ours`,
        `${kind} adds theirs`,
        `${kind} comes in`,
        `${kind} commits proposals`,
        `${kind} removes ours`,
        `${kind} removes theirs`,
        `${kind} talks`,
        `${kind} updates`,
      ]),
    ].toSorted(),
  )
})

/**
 * Follows a plan and sees that only members act, that who comes is new, and that both sides can go on. Answers what happened in it.
 * @param {import('../../interop/src/plan.ts').Plan} plan
 * @returns {Set<string>}
 */
function checkPlayable({ founder, operations }) {
  /** @type {Map<number, string>} */
  const inside = new Map([[1, founder]])
  const everSeen = new Set([1])
  const seen = new Set([`founded by ${founder}`])
  const kindOf = (/** @type {number} */ id) => inside.get(id) ?? expect.fail(`${id} is not in the group`)
  const come = (/** @type {import('../../interop/src/plan.ts').Member} */ { id, kind }) => {
    if (everSeen.has(id)) expect.fail(`${id} comes twice`)
    everSeen.add(id)
    inside.set(id, kind)
  }
  for (const operation of operations) {
    if (operation.type === 'talk') seen.add(`${kindOf(operation.by)} talks`)
    else if (operation.type === 'enter') {
      kindOf(operation.info)
      come(operation.member)
      seen.add(`${operation.member.kind} comes in`)
    } else {
      const by = kindOf(operation.by)
      if (operation.type === 'propose') {
        expect(by).toBe('ours')
        expect(operation.add.length + operation.remove.length).toBeGreaterThan(0)
        seen.add(`${kindOf(operation.committer)} commits proposals`)
        expect(operation.remove).not.toContain(operation.committer)
      } else if (by === 'theirs') expect(operation.add.length * operation.remove.length).toBe(0)
      expect(operation.remove).not.toContain(operation.by)
      if (operation.add.length + operation.remove.length === 0) seen.add(`${by} updates`)
      for (const id of operation.remove) {
        seen.add(`${by} removes ${kindOf(id)}`)
        inside.delete(id)
      }
      for (const member of operation.add) {
        come(member)
        seen.add(`${by} adds ${member.kind}`)
      }
    }
    const kinds = [...inside.values()]
    expect(kinds).toContain('ours')
    expect(kinds.length).toBeLessThanOrEqual(19)
  }
  return seen
}

import { emptyLog, withThing } from '../rules/control-log.ts'
import { meaningFor } from './meaning.ts'
import { runSeed } from './seeds.ts'

const ABOUT =
  'As rules.json, from worlds that `sim:rules` plays: partitions, losses, months away, and in some of them malicious devices.'
const EVIL = 8
const HONEST = 4

/** The file `spec/vectors/rules-worlds.json`: the first small worlds in which much happens. */
export function worldVectors(): string {
  const cases: object[] = []
  const left = { evil: EVIL, honest: HONEST }
  for (let seed = 1; left.evil + left.honest > 0; seed++)
    for (const who of ['evil', 'honest'] as const) {
      if (left[who] === 0) continue
      const { nodes } = runSeed(seed, { hasEvil: who === 'evil' }).arena
      const epochs = nodes.filter(({ epoch }) => epoch !== undefined).length
      const kinds = new Set(nodes.map(({ body }) => body.kind)).size
      if (nodes.length < 25 || nodes.length > 48 || epochs < 7 || kinds < 8) continue
      left[who]--
      const things = nodes.map(({ thing }) => thing)
      const log = things.reduce((all, thing) => withThing(all, thing).log, emptyLog())
      cases.push({ name: `world ${seed}, ${who}`, things, means: meaningFor(log) })
    }
  // A line for each thing.
  const text = JSON.stringify({ about: ABOUT, cases })
  return `${text.replaceAll('},{"id"', '},\n{"id"').replaceAll('},{"name"', '},\n\n{"name"')}\n`
}

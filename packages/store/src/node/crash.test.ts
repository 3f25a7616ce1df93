import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { CONVERSATION, DEVICE, counterChanges } from './fixtures/counter.ts'
import { runChild } from './fixtures/run-child.ts'
import { temporaryHome } from './fixtures/temporary-home.ts'
import { openNodeStore } from './open-node-store.ts'

const ROUNDS = 5
const SEED = 'crash 1'

/** How many commits the writer of that round reports before it is killed, in the midst of the next ones. */
function commitsOf(round: number): number {
  return 1 + (createHash('sha256').update(`${SEED} ${round}`).digest().readUInt16BE() % 150)
}

test(`a writer killed ${ROUNDS} times leaves every reported commit, whole, and at most one more (seed ${SEED})`, async () => {
  const directory = await temporaryHome()
  for (let round = 0; round < ROUNDS; round += 1) {
    const writer = runChild('write-forever.ts', directory)
    let reported = 0
    for (let read = 0; read < commitsOf(round); read += 1) reported = Number(await writer.line())
    reported = Number((await writer.kill()).at(-1) ?? reported)

    const store = await openNodeStore({ directory })
    const kept = await store.list('events', { prefix: [CONVERSATION, DEVICE] })
    expect(kept.length).toBeGreaterThanOrEqual(reported)
    expect(kept.length).toBeLessThanOrEqual(reported + 1)
    expect(kept.map((row) => row.seq)).toEqual(kept.map((_, at) => at + 1))
    const [event, counter, epoch] = counterChanges(kept.length)
    expect(kept.at(-1)).toEqual(event && 'row' in event && event.row)
    expect(await store.get('meta', ['counter'])).toEqual(counter && 'row' in counter && counter.row)
    expect(await store.list('epochs')).toEqual([epoch && 'row' in epoch && epoch.row])
    expect(await store.search(`number${kept.length}`)).toHaveLength(1)
    expect(await store.search(`number${kept.length + 1}`)).toHaveLength(0)
    await store.close()
  }
})

import type { Stage } from '../../peers/stage.ts'
import type { Figures } from '../../scenarios/scenario.ts'
import { timed } from './contender.ts'
import { medianOf, ratioOf } from './medians.ts'

/** Sends one plaintext through, sealed by one and opened by the other; answers the bytes on the wire. */
type Through = (plaintext: Uint8Array) => Promise<number>

const LENGTHS = [256, 4_096]
/** Events that leave together: the client seals what waits as one message. */
const BATCH = 32
const WARM_UP = 100
const ROUNDS = 300

/** One message at a time, in turns, so that whatever else the machine does meets all of them. */
export async function measureMessages(stage: Stage, ours: Through, signal: Through | string): Promise<Figures> {
  const figures: Record<string, string | number> = {}
  for (const length of LENGTHS) {
    const found = await measureLength(length, ours, typeof signal === 'string' ? undefined : signal)
    const said = { ...found, ...(typeof signal === 'string' ? { signal } : {}) }
    for (const [name, value] of Object.entries(said)) figures[`b${length} ${name}`] = value
    stage.tell({ bytes: length, ...said }, `seal and open ${length} bytes: ${JSON.stringify(said)}`)
  }
  return figures
}

async function measureLength(length: number, ours: Through, signal?: Through): Promise<Record<string, number>> {
  const plaintext = new Uint8Array(length).fill(7)
  const batch = new Uint8Array(BATCH * length).fill(7)
  const taken = { ours: [] as number[], batch: [] as number[], signal: [] as number[] }
  const bytes = { ours: 0, signal: 0 }
  for (let at = 0; at < WARM_UP + ROUNDS; at += 1) {
    bytes.ours = await measureOnce(at, taken.ours, () => ours(plaintext))
    if (signal !== undefined) bytes.signal = await measureOnce(at, taken.signal, () => signal(plaintext))
    if (at % 10 === 0) await measureOnce(at, taken.batch, () => ours(batch))
  }
  const [sottoMs, batchMs] = [medianOf(taken.ours), medianOf(taken.batch) / BATCH]
  const own = { sottoMs, sottoBytes: bytes.ours, sottoInBatchesOf32Ms: batchMs }
  if (signal === undefined) return own
  const signalMs = medianOf(taken.signal)
  const ratios = { sottoOverSignal: ratioOf(sottoMs, signalMs), batchOverSignal: ratioOf(batchMs, signalMs) }
  return { ...own, signalMs, signalBytes: bytes.signal, ...ratios }
}

async function measureOnce(at: number, taken: number[], run: () => Promise<number>): Promise<number> {
  const [bytes, { ms }] = await timed(run)
  if (at >= WARM_UP) taken.push(ms)
  return bytes
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Address, Topic } from '@sotto/interface'
import { runnable } from '../peers/places.ts'
import { startNode, type Program } from '../peers/program.ts'
import type { Stage } from '../peers/stage.ts'
import type { Figures, Scenario } from '../scenarios/scenario.ts'
import { connect, envelopeOf, startMember, type Member, type Path } from './gossip-member.ts'
import { round } from './timing.ts'

const SIZES = [5, 10, 30]
const LENGTHS = [256, 4_096]
const ROUNDS = 7
const ENVELOPES = 20
const MEMBERS = fileURLToPath(runnable(new URL('./gossip-members.ts', import.meta.url)))

/**
 * One member publishes, one envelope after the other, and waits each time until all others have it: once over the topic, once to
 * each of them over the open events stream. It is alone in this process; the others share one, so that two cores are used in both cases.
 */
export const gossip: Scenario = {
  about: 'gossip over a topic and plain fan-out over open streams, to groups of 5, 10 and 30 who are all connected',
  play,
}

/** What one envelope costs, as medians over the rounds. */
interface Cost {
  /** Until the last member has it. */
  readonly ms: number
  /** CPU time of all, for each member that gets it. */
  readonly cpuUs: number
  readonly senderCpuUs: number
  /** What the sender writes to sockets. */
  readonly senderBytes: number
}

interface Group {
  readonly size: number
  readonly sender: Member
  readonly topic: Topic
  readonly others: Program
}

async function play(stage: Stage): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const size of SIZES) {
    const group = await gather(size)
    try {
      for (const length of LENGTHS) {
        const { plain, gossip: topic } = await compare(group, length)
        const found = { ...named('plain', plain), ...named('gossip', topic), ...ratios(plain, topic) }
        const about = `n${size}b${length}`
        for (const [name, value] of Object.entries(found)) figures[`${about} ${name}`] = value
        stage.tell(
          { members: size, bytes: length, ...found },
          `${size} members, ${length} bytes: ${JSON.stringify(found)}`,
        )
      }
    } finally {
      await Promise.all([group.others.end('SIGKILL'), group.sender.transport.stop()])
    }
  }
  return figures
}

async function gather(size: number): Promise<Group> {
  const others = startNode('members', [MEMBERS, String(size - 1)])
  const { members } = (await others.until({ ready: true })) as unknown as { members: Peer[] }
  const sender = await startMember(() => undefined)
  for (const member of members) await connect(sender, member)
  const peers = [sender.transport.peerId, ...members.map(({ peerId }) => peerId)]
  // The sender is the last to come, or all others would take it for a neighbour, as the first that they see.
  others.say({ do: 'join', peers })
  await others.until({ joined: true })
  const topic = await sender.join(peers, size - 1)
  return { size, sender, topic, others }
}

interface Peer {
  readonly peerId: string
  readonly addresses: readonly Address[]
}

/** Round by round both ways, so that whatever else the machine does meets both. The first round warms up. */
async function compare(group: Group, length: number): Promise<Record<Path, Cost>> {
  const rounds: Record<Path, Cost[]> = { plain: [], gossip: [] }
  for (let at = 0; at <= ROUNDS; at += 1) {
    for (const path of ['plain', 'gossip'] as const) {
      const cost = await measureRound(group, path, length)
      if (at > 0) rounds[path].push(cost)
    }
  }
  return { plain: medians(rounds.plain), gossip: medians(rounds.gossip) }
}

let number = 0

async function measureRound(group: Group, path: Path, length: number): Promise<Cost> {
  const { size, others } = group
  const before = await used(others)
  const taken: number[] = []
  for (let at = 0; at < ENVELOPES; at += 1) {
    number += 1
    const from = others.lines.length
    const began = performance.now()
    publish(group, path, envelopeOf(number, length))
    await others.until({ path, number }, from)
    taken.push(performance.now() - began)
  }
  const after = await used(others)
  const each = (what: keyof Used): number => (after[what] - before[what]) / ENVELOPES
  return {
    ms: median(taken),
    cpuUs: (each('senderCpuUs') + each('othersCpuUs')) / (size - 1),
    senderCpuUs: each('senderCpuUs'),
    senderBytes: each('senderBytes'),
  }
}

function publish({ sender, topic }: Group, path: Path, envelope: Uint8Array): void {
  if (path === 'gossip') topic.publish(envelope)
  else for (const session of sender.sessions) void session.send(envelope)
}

interface Used {
  readonly senderCpuUs: number
  readonly othersCpuUs: number
  readonly senderBytes: number
}

let asked = 0

async function used(others: Program): Promise<Used> {
  asked += 1
  const from = others.lines.length
  others.say({ do: 'cpu', ref: asked })
  const { cpuUs } = await others.until({ ref: asked }, from)
  const { user, system } = process.cpuUsage()
  // Of everything that this process writes, sockets are all but a few lines.
  const [, written = '0'] = /^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? []
  return { senderCpuUs: user + system, othersCpuUs: Number(cpuUs), senderBytes: Number(written) }
}

function medians(costs: readonly Cost[]): Cost {
  const of = (what: keyof Cost): number => round(median(costs.map((cost) => cost[what])))
  return { ms: of('ms'), cpuUs: of('cpuUs'), senderCpuUs: of('senderCpuUs'), senderBytes: of('senderBytes') }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function named(path: Path, { ms, cpuUs, senderCpuUs, senderBytes }: Cost): Record<string, number> {
  return {
    [`${path}P50Ms`]: ms,
    [`${path}CpuUs`]: Math.round(cpuUs),
    [`${path}SenderCpuUs`]: Math.round(senderCpuUs),
    [`${path}SenderBytes`]: Math.round(senderBytes),
  }
}

function ratios(plain: Cost, topic: Cost): Record<string, number> {
  return {
    timeRatio: round(topic.ms / plain.ms),
    cpuRatio: round(topic.cpuUs / plain.cpuUs),
    senderCpuRatio: round(topic.senderCpuUs / plain.senderCpuUs),
    senderBytesRatio: round(topic.senderBytes / plain.senderBytes),
  }
}

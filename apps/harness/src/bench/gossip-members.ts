// `gossip-members.ts COUNT`: that many members of one group, all connected with each other. JSON lines on standard input say what to do.
import { createInterface } from 'node:readline'
import { connect, startMember, type Member, type Path } from './gossip-member.ts'

const count = Number(process.argv[2])
const copies = new Map<string, number>()
const members: Member[] = []

for (let at = 0; at < count; at += 1) members.push(await startMember(onCopy))
for (const [at, from] of members.entries()) {
  await Promise.all(members.slice(at + 1).map(({ transport }) => connect(from, transport)))
}
say({
  ready: true,
  members: members.map(({ transport: { peerId, addresses } }) => ({ peerId, addresses })),
})

for await (const line of createInterface({ input: process.stdin })) {
  const wanted = JSON.parse(line) as { do: 'join'; peers: string[] } | { do: 'cpu'; ref: number }
  if (wanted.do === 'join') {
    await Promise.all(members.map((member) => member.join(wanted.peers, count - 1)))
    say({ joined: true })
  } else {
    const { user, system } = process.cpuUsage()
    say({ ref: wanted.ref, cpuUs: user + system })
  }
}

function onCopy(path: Path, number: number): void {
  const name = `${path} ${number}`
  const so = (copies.get(name) ?? 0) + 1
  copies.set(name, so)
  if (so === count) say({ path, number })
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

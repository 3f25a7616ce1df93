import { meet, readMessages } from '../peers/contacts.ts'
import type { Line } from '../peers/lines.ts'
import type { Online } from '../peers/online.ts'
import type { Stage } from '../peers/stage.ts'
import { delivered, expectSame, type Said } from '../peers/talk.ts'
import type { Figures, Scenario } from './scenario.ts'

const ROUNDS = 6
const PER_ROUND = 12

export const powerCuts: Scenario = {
  about: 'one or the other or the relay is killed in the midst of talking, again and again: nothing is lost or doubled',
  play,
}

async function play(stage: Stage): Promise<Figures> {
  const { random } = stage
  const relay = await stage.relay()
  const people = [await stage.person('Alice', relay), await stage.person('Bob', relay)] as const
  const online = await Promise.all([people[0].run(), people[1].run()])
  const conversation = await meet(online[0], online[1], 'Hello')
  const said: (Said & { id: string })[] = []
  const killed = { alice: 0, bob: 0, relay: 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const cut = random.integer(PER_ROUND)
    for (let at = 0; at < PER_ROUND; at += 1) {
      const who = random.integer(2) as 0 | 1
      const text = `round ${round}, ${at}`
      said.push({ author: people[who].account, text, id: await online[who].send(conversation, text) })
      if (at !== cut) continue
      const victim = random.pick(['alice', 'bob', 'relay'] as const)
      killed[victim] += 1
      if (victim === 'relay') {
        await relay.kill('SIGKILL')
        await relay.restart()
      } else {
        const index = victim === 'alice' ? 0 : 1
        await online[index].stop('SIGKILL')
        online[index] = await people[index].run()
      }
    }
  }
  const abouts = ([0, 1] as const).map((at) => ({ own: online[at], account: people[at].account, conversation, said }))
  await Promise.all(abouts.map(heardAll))
  // Receipts leave at once then; by themselves they take up to a minute where there is no direct path.
  await Promise.all(online.map((each) => each.ask('sync')))
  await Promise.all(abouts.map(allDelivered))
  await Promise.all(online.map((each) => each.stop()))
  await expectSame(people, conversation, [{ author: people[1].account, text: 'Hello' }, ...said])
  return { messages: said.length, ...killed }
}

interface About {
  readonly own: Online
  readonly account: string
  readonly conversation: string
  readonly said: readonly (Said & { readonly id: string })[]
}

/** Resolves when this person has been told everything that the other said. */
async function heardAll({ own, account, conversation, said }: About): Promise<void> {
  const states = await statesNow(own, conversation)
  for (const { author, id } of said) {
    if (author !== account && !states.has(id)) await own.until({ type: 'message', id })
  }
}

/** Resolves when this person knows that the other has everything. */
async function allDelivered({ own, account, conversation, said }: About): Promise<void> {
  const states = await statesNow(own, conversation)
  for (const { author, id } of said) {
    if (author === account && !/^(delivered|read)$/.test(states.get(id) ?? '')) await delivered(own, id)
  }
}

async function statesNow(own: Online, conversation: string): Promise<Map<string, string>> {
  const { rows } = await own.ask('messages', { conversation, limit: 10_000 })
  return new Map(readMessages(rows as Line[]).map(({ id, state }) => [id, state]))
}

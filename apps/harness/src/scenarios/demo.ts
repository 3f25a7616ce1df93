import { onScene, type Scene } from '../scene/scene.ts'
import type { Actor } from '../scene/actor.ts'
import { transcribe } from '../scene/transcript.ts'
import type { Scenario } from './scenario.ts'

export const demo: Scenario = {
  about:
    'one relay, two terminals and a Chromium: a talk of two, then a group; the transcript is printed as it happens',
  play: (stage) =>
    onScene(stage, async (on) => {
      transcribe(on.history, stage.tell)
      const relay = await on.relay({ page: true })
      const [alice, bob] = await Promise.all([on.terminal('Alice', relay), on.terminal('Bob', relay)])
      const carol = await on.page('Carol', relay)

      const pair = await on.contacts(alice, carol)
      await talk(on, pair, [
        [alice, 'Hello Carol! I am at a terminal.'],
        [carol, 'And I am in a browser. Nobody can read this but us.'],
        [alice, 'Not even the relay.'],
      ])

      await on.contacts(alice, bob)
      const { conversation } = await on.group('Friends', alice, [bob, carol])
      await talk(on, conversation, [
        [alice, 'Now we are three.'],
        [bob, 'Hello from another terminal.'],
        [carol, 'Hello Bob, hello Alice!'],
      ])

      await bob.kill()
      await talk(on, conversation, [
        [carol, 'Bob has lost his power, it seems.'],
        [alice, 'The relay keeps it for him.'],
      ])
      await bob.start()
      await heard(on, bob, 'The relay keeps it for him.')
      await talk(on, conversation, [[bob, 'Back again. I have everything.']])
    }),
}

/** One says something after the other, as soon as all who are there have it. */
async function talk(on: Scene, conversation: string, lines: readonly (readonly [Actor, string])[]): Promise<void> {
  for (const [speaker, text] of lines) {
    const others = on.seats.filter((seat) => seat.conversation === conversation && seat.peer !== speaker)
    await speaker.say(conversation, text)
    await Promise.all(others.filter(({ peer }) => peer.isUp).map(({ peer }) => heard(on, peer, text)))
  }
}

async function heard(on: Scene, peer: Actor, text: string): Promise<void> {
  await on.history.until(
    ({ who, ...entry }) => who === peer.name && entry.type === 'told' && entry.line['text'] === text,
    `${peer.name} hears "${text}"`,
  )
}

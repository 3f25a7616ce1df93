import assert from 'node:assert/strict'
import type { RelayPeer } from '../peers/relay.ts'
import type { Person, Stage } from '../peers/stage.ts'
import { forged } from './links.ts'
import { refuses, type Refusal } from './refuses.ts'
import { swapBlobs } from './swap-blobs.ts'

const DAY_MS = 86_400_000
const GONE = 'This invitation has expired or was revoked. Ask for a new one.'
const EXPIRED = 'This invitation has expired. Ask for a new one.'
const USED = 'This invitation has already been used. Ask for a new one.'
const OWN = 'This is your own invitation. Send the link to somebody else.'
const NO_LINK = 'This is not a Sotto invitation. Ask for the whole link and paste it again.'
const SOMEBODY_ELSE =
  'The invitation at the relay was not made by the person whose link you have. Do not trust it; ask for a new invitation.'
const OTHER_RELAY =
  'Another relay answers at this address than the one that was asked for. Check the address, or ask for a new invitation.'
const NOT_THIS =
  'The relay answered with something that is not this invitation. Do not trust it; ask for a new invitation.'

/** Invitations that cannot be used, each refused with its own sentence. Answers how many. */
export async function refusedInvitations(stage: Stage): Promise<number> {
  const relay = await stage.relay()
  const [alice, bob] = [await stage.person('Alice', relay), await stage.person('Bob', relay)]
  const refusals = [
    ...(await forgedLinks(alice)),
    ...(await usedAndRevoked(stage, alice, relay)),
    ...(await expired(alice)),
  ]
  for (const refusal of refusals) await refuses(bob, refusal)
  await refuses(alice, { words: ['join', await linkOf(alice)], sentence: OWN })
  await alice.sotto('sync')
  const requests = await alice.sotto('requests')
  assert.deepEqual(
    requests.map(({ name }) => name),
    ['Carol'],
    'nobody but who had a good link has said hello',
  )
  const lies = await lyingRelay(stage, alice, bob, relay)
  assert.deepEqual(await bob.sotto('conversations'), [], 'nothing is half done')
  return refusals.length + 1 + lies
}

async function forgedLinks(alice: Person): Promise<Refusal[]> {
  const link = await linkOf(alice)
  return [
    { words: ['join', forged(link, 'secret')], sentence: GONE },
    { words: ['join', forged(link, 'account')], sentence: SOMEBODY_ELSE },
    { words: ['join', forged(link, 'relay')], sentence: OTHER_RELAY },
    { words: ['join', link.slice(0, -4)], sentence: NO_LINK },
    { words: ['join', 'https://example.org/'], sentence: NO_LINK },
  ]
}

async function usedAndRevoked(stage: Stage, alice: Person, relay: RelayPeer): Promise<Refusal[]> {
  const [{ invitation, link: revoked } = {}] = await alice.sotto('invite')
  await alice.sotto('revoke', String(invitation))
  const once = await linkOf(alice, '--uses', '1')
  const carol = await stage.person('Carol', relay)
  await carol.sotto('join', once)
  return [
    { words: ['join', String(revoked)], sentence: GONE },
    { words: ['join', once], sentence: USED },
  ]
}

/** The relay still has it, but two days later (by the clock of whoever joins) nobody may use it. */
async function expired(alice: Person): Promise<Refusal[]> {
  const link = await linkOf(alice, '--expires', '1d')
  return [{ words: ['join', link], sentence: EXPIRED, init: { clockAheadMs: 2 * DAY_MS } }]
}

/** A relay that gives another invitation than the one that was asked for; then one that has forgotten what has expired. */
async function lyingRelay(stage: Stage, alice: Person, bob: Person, relay: RelayPeer): Promise<number> {
  const link = await linkOf(alice, '--expires', '1d')
  await relay.kill('SIGTERM')
  swapBlobs(relay.data)
  await relay.restart()
  await refuses(bob, { words: ['join', link], sentence: NOT_THIS })
  await relay.kill('SIGTERM')
  await relay.restart({ clockAheadMs: 2 * DAY_MS })
  await refuses(bob, { words: ['join', link], sentence: GONE })
  return 2
}

async function linkOf(person: Person, ...options: string[]): Promise<string> {
  const [{ link } = {}] = await person.sotto('invite', ...options)
  return String(link)
}

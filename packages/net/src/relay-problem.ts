/** Why a relay cannot be reached, in one word, for the sentence that a person gets. */
export type RelayProblem = 'refused' | 'timeout' | 'wrong-peer' | 'unsupported'

/** Nobody refuses as late as that: libp2p gives up an address after 4 s, and not always says that this was why. */
const LATE_MS = 3_500

/** Several addresses fail with several errors: the one that says most counts. `took`: how long the attempt was, in ms. */
export function problemOf(error: unknown, took: number): RelayProblem {
  const problems = (error instanceof AggregateError ? error.errors : [error]).map(one)
  const order: readonly RelayProblem[] = ['wrong-peer', 'unsupported', 'timeout', 'refused']
  const problem = order.find((known) => problems.includes(known)) ?? 'refused'
  return problem === 'refused' && took >= LATE_MS ? 'timeout' : problem
}

function one(error: unknown): RelayProblem {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error)
  if (/UnexpectedPeer|not match expected/i.test(text)) return 'wrong-peer'
  if (/UnsupportedProtocol|protocol selection failed|NoValidAddresses/i.test(text)) return 'unsupported'
  return /timeout|timed out|abort/i.test(text) ? 'timeout' : 'refused'
}

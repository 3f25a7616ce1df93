/** Why a relay cannot be reached, in one word, for the sentence that a person gets. */
export type RelayProblem = 'refused' | 'timeout' | 'wrong-peer' | 'unsupported'

/** Several addresses fail with several errors: the one that says most counts. */
export function problemOf(error: unknown): RelayProblem {
  const problems = (error instanceof AggregateError ? error.errors : [error]).map(one)
  const order: readonly RelayProblem[] = ['wrong-peer', 'unsupported', 'timeout', 'refused']
  return order.find((problem) => problems.includes(problem)) ?? 'refused'
}

function one(error: unknown): RelayProblem {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error)
  if (/UnexpectedPeer|did not match|InvalidCrypto|EncryptionFailed/i.test(text)) return 'wrong-peer'
  if (/UnsupportedProtocol|protocol selection failed|NoValidAddresses/i.test(text)) return 'unsupported'
  return /timeout|timed out|abort/i.test(text) ? 'timeout' : 'refused'
}

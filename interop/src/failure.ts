/** What can go wrong between two implementations, and with a member that was removed. */
export type FailureKind =
  | 'refused' // what one made, another does not take
  | 'cannot-join' // a Welcome is refused
  | 'cannot-enter' // an external commit cannot be made
  | 'differs' // members of one epoch do not see the same
  | 'unreadable' // a member cannot read a message, or reads something else
  | 'follows' // who was removed derives or reads what came after

export class Failure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** Runs `work`; what it throws becomes a failure of that kind, told with what was being done. */
export async function attempt<T>(kind: FailureKind, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(kind, `${what}: ${reasonOf(error)}`)
  }
}

/** OpenMLS as it is packaged keeps the reason in a field beside the message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner: unknown = Reflect.get(error, 'inner')
  if (inner === undefined) return `${error.name}: ${error.message}`
  const plain = JSON.stringify(inner, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return `${error.message} ${plain.slice(0, 300)}`
}

/** Does `work` for each at once; of several failures, the one of the first. */
export async function forEach<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled(all.map(work))) if (result.status === 'rejected') throw result.reason
}

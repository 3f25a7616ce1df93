import { codeOf, RelayError } from './errors.ts'

/** What to tell when listening failed. `what` is for a person, for example `page`. */
export function listeningError(what: string, host: string, port: number, error: unknown): RelayError {
  const code = codeOf(error)
  if (code === 'EADDRINUSE') {
    return new RelayError(
      'port-taken',
      `Port ${port} on ${host} is taken, so the ${what} cannot start there. Stop what uses it, or choose another port.`,
      { cause: error },
    )
  }
  const reason = code === '' && error instanceof Error ? error.message : code
  return new RelayError('cannot-listen', `The ${what} cannot listen on ${host} port ${port} (${reason}).`, {
    cause: error,
  })
}

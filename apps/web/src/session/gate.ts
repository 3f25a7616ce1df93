import { SottoError } from '@sotto/interface'

/** What a person is told while the passphrase is asked for. */
export interface Asking {
  /** It is being tried. */
  readonly busy: boolean
  /** Why the last one did not open anything. */
  readonly problem: string | undefined
}

/** Asks for the passphrase of a store that has one, as often as it takes. */
export interface Gate {
  /** What `open` answers, or undefined when it was given up meanwhile. Every other error than that of a passphrase is the caller's. */
  pass<T>(open: (passphrase: string | undefined) => Promise<T>): Promise<T | undefined>
  unlock(passphrase: string): void
  giveUp(): void
}

export function createGate(show: (asking: Asking) => void): Gate {
  let answer: ((passphrase: string | undefined) => void) | undefined

  function ask(problem: string | undefined): Promise<string | undefined> {
    show({ busy: false, problem })
    return new Promise((resolve) => {
      answer = resolve
    })
  }

  function reply(passphrase: string | undefined): void {
    const asked = answer
    answer = undefined
    asked?.(passphrase)
  }

  return {
    async pass(open) {
      let passphrase: string | undefined
      for (;;) {
        try {
          return await open(passphrase)
        } catch (error) {
          const code = error instanceof SottoError ? error.code : ''
          const isWrong = passphrase !== undefined && code === 'wrong-key'
          if (!isWrong && code !== 'needs-passphrase') throw error
          passphrase = await ask(isWrong && error instanceof SottoError ? error.message : undefined)
          if (passphrase === undefined) return undefined
        }
      }
    },
    unlock(passphrase) {
      if (!answer) return
      show({ busy: true, problem: undefined })
      reply(passphrase)
    },
    giveUp: () => reply(undefined),
  }
}

import { useIntent } from '../../client/use-intent.ts'
import type { WelcomeProps } from './welcome-view.tsx'

export function useWelcome(link: () => void): WelcomeProps {
  const { run, busy, problem } = useIntent('rename')
  const restoring = useIntent('restore')
  return {
    snapshot: { busy, problem },
    restoring: { busy: restoring.busy, problem: restoring.problem },
    actions: {
      link() {
        askToKeep()
        link()
      },
      restore(name, phrase) {
        askToKeep()
        void restoring.run({ name, phrase })
      },
      start(name) {
        askToKeep()
        void run({ name })
      },
    },
  }
}

/** A refusal only means that the browser may clear old data when the disk is full; it says so in its own settings. */
function askToKeep(): void {
  void navigator.storage.persist()
}

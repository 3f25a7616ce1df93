import { useIntent } from '../../client/use-intent.ts'
import type { WelcomeProps } from './welcome-view.tsx'

export function useWelcome(link: () => void): WelcomeProps {
  const { run, busy, problem } = useIntent('rename')
  return {
    snapshot: { busy, problem },
    actions: {
      link() {
        askToKeep()
        link()
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

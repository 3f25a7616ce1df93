import { useIntent } from '../../client/use-intent.ts'
import type { WelcomeProps } from './welcome-view.tsx'

export function useWelcome(): WelcomeProps {
  const { run, busy, problem } = useIntent('rename')
  return {
    snapshot: { busy, problem },
    actions: {
      start(name) {
        // A refusal only means that the browser may clear old data when the disk is full; it says so in its own settings.
        void navigator.storage.persist()
        void run({ name })
      },
    },
  }
}

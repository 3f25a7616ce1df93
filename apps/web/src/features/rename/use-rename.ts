import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import type { RenameProps } from './rename-view.tsx'

export function useRename(close: () => void): RenameProps {
  const { self } = useClientSnapshot()
  const { run, busy, problem } = useIntent('rename')
  const save = async (name: string) => {
    if (await run({ name })) close()
  }
  return { snapshot: { name: self.name, busy, problem }, actions: { save: (name) => void save(name), close } }
}

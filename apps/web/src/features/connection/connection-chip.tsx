import LoaderCircle from 'lucide-react/icons/loader-circle'
import WifiOff from 'lucide-react/icons/wifi-off'
import Zap from 'lucide-react/icons/zap'
import type { ReactNode } from 'react'
import type { ChipSnapshot } from './connection-model.ts'

export interface ConnectionChipProps {
  readonly snapshot: ChipSnapshot
  readonly actions: { open(): void }
}

/** Stands at the bottom of the list; opens the details. */
export function ConnectionChip({ snapshot, actions }: ConnectionChipProps): ReactNode {
  return (
    <button
      type="button"
      onClick={actions.open}
      className="m-3 mb-[max(0.75rem,env(safe-area-inset-bottom))] flex min-h-11 items-center gap-2 rounded-xl border border-line px-3 py-2 text-left text-sm hover:bg-hover"
    >
      <span aria-hidden="true" className="shrink-0">
        {snapshot.kind === 'connected' && <Zap size={16} className="text-accent-ink" />}
        {snapshot.kind === 'connecting' && <LoaderCircle size={16} className="animate-spin text-muted" />}
        {snapshot.kind === 'offline' && <WifiOff size={16} className="text-muted" />}
      </span>
      <span className="min-w-0 flex-1 truncate">{snapshot.text}</span>
    </button>
  )
}

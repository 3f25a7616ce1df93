import { memoryUsage, threadCpuUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Processor time of this thread in ms, however busy the machine is with others. */
export async function cpuMs(run: () => Promise<void>): Promise<number> {
  const before = threadCpuUsage()
  await run()
  const { user, system } = threadCpuUsage(before)
  return (user + system) / 1_000
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Resident memory of the process in bytes, without what is only waiting to be collected. */
export function residentBytes(): number {
  collect()
  collect()
  return memoryUsage.rss()
}

import { readFileSync, readdirSync } from 'node:fs'

/** Ends a process and all that descend from it at once, without a chance to write anything more. Linux only. */
export function killTree(root: number): void {
  // Parents first: none of them may start another child meanwhile.
  for (const pid of descendants(root)) killOne(pid)
}

/** The process whose command line has that argument and that is nobody's helper: a browser's main process. */
export function mainProcessWith(argument: string): number {
  const found = allProcesses().filter((pid) => {
    const words = commandLine(pid)
    return words.includes(argument) && !words.some((word) => word.startsWith('--type='))
  })
  const [pid] = found
  if (pid === undefined || found.length > 1) throw new Error(`${found.length} processes run with ${argument}.`)
  return pid
}

function descendants(root: number): number[] {
  const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)]))
  const family = [root]
  for (const pid of family) {
    for (const [child, parent] of parents) if (parent === pid) family.push(child)
  }
  return family
}

function allProcesses(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

function commandLine(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split('\0')
}

/** The fourth field of `stat`; the second, the name in brackets, may hold anything. */
function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended meanwhile
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

type Task = () => void

/** Runs `task` after the current macrotask and what is already queued behind it; no timer's least delay, no throttling. */
export const nextMacrotask: (task: Task) => void = pick()

function pick(): (task: Task) => void {
  const { setImmediate } = globalThis as { setImmediate?: (task: Task) => unknown }
  if (setImmediate !== undefined) return (task) => void setImmediate(task)
  const { port1, port2 } = new MessageChannel()
  const tasks: Task[] = []
  port1.onmessage = () => tasks.shift()?.()
  return (task) => {
    tasks.push(task)
    port2.postMessage(undefined)
  }
}

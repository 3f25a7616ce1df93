import { afterEach } from 'vitest'

const sources: (() => string)[] = []

/** What to print when a test fails: the end of a log, for example. */
export function onFailure(log: () => string): void {
  sources.push(log)
}

afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.log(sources.map((log) => log()).join('\n'))
})

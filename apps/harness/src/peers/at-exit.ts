const works = new Set<() => void>()

process.once('exit', () => {
  for (const work of works) work()
})

/** Has `work` (synchronous) done if this process exits before the answer is called: nothing that we started may outlive us. */
export function atExit(work: () => void): () => void {
  works.add(work)
  return () => void works.delete(work)
}

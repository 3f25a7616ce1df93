/** A name of this tab that the others can wait for: the browser lets go of it when the tab ends, however that is. */
export function nameTab(): Promise<string> {
  const tab = crypto.randomUUID()
  return new Promise((resolve) => {
    void navigator.locks.request(lockOf(tab), () => {
      resolve(tab)
      return new Promise(() => undefined)
    })
  })
}

export function whenTabEnds(tab: string, ended: () => void): void {
  void navigator.locks.request(lockOf(tab), ended)
}

function lockOf(tab: string): string {
  return `sotto-tab-${tab}`
}

/** What goes wrong in browsers, made to order. Typed by hand: these rooms do not see the DOM's types. */
interface Browser {
  readonly Worker: new (url: string) => { onmessage: () => void }
  readonly indexedDB: { deleteDatabase(name: string): { onsuccess: () => void; onerror: () => void } }
}

const browser = globalThis as unknown as Browser

/** Takes the keys of all stores of this origin away. */
export function forgetKeys(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = browser.indexedDB.deleteDatabase('sotto-store-keys')
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error('the keys are still there'))
  })
}

/** Holds one of the store's files as a dying tab does, and lets go after so many milliseconds. Resolves once it holds. */
export function holdFile(name: string, ms: number): Promise<void> {
  const script = `(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await (await root.getDirectoryHandle('.sotto-${name}')).getDirectoryHandle('.opaque')
    for await (const file of folder.values()) {
      const handle = await file.createSyncAccessHandle()
      setTimeout(() => handle.close(), ${ms})
      postMessage('held')
      return
    }
  })()`
  return new Promise((resolve) => {
    const worker = new browser.Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
    worker.onmessage = () => resolve()
  })
}

/** What Sotto needs of a browser and cannot do without. */
export type Missing = 'secure-context' | 'opfs' | 'locks' | 'webrtc' | 'crypto'

/** What of it is missing here, in the order in which a person should look at it. */
export async function missingHere(scope: typeof globalThis): Promise<readonly Missing[]> {
  // Without a secure address the browser hides most of the rest: naming that too would only mislead.
  if (!scope.isSecureContext) return ['secure-context']
  const missing: Missing[] = []
  if (!(await hasPrivateFiles(scope.navigator))) missing.push('opfs')
  if (!('locks' in scope.navigator)) missing.push('locks')
  if (!('RTCPeerConnection' in scope)) missing.push('webrtc')
  if (scope.crypto?.subtle === undefined) missing.push('crypto')
  return missing
}

/** The method can be there and still refuse, as in the private windows of some browsers: only a try tells. */
async function hasPrivateFiles(navigator: Navigator): Promise<boolean> {
  if (typeof navigator.storage?.getDirectory !== 'function') return false
  try {
    await navigator.storage.getDirectory()
    return true
  } catch {
    return false
  }
}

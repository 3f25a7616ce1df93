/** Whether both lists name the same devices, in whatever order. */
export function sameDevices(a: readonly { device: string }[], b: readonly { device: string }[]): boolean {
  return namesOf(a) === namesOf(b)
}

/** Whether each of these is one of those, and none is there twice. */
export function areAmong(these: readonly { device: string }[], those: readonly { device: string }[]): boolean {
  const names = new Set(those.map(({ device }) => device))
  return (
    new Set(these.map(({ device }) => device)).size === these.length && these.every(({ device }) => names.has(device))
  )
}

function namesOf(devices: readonly { device: string }[]): string {
  const names = devices.map(({ device }) => device)
  return names.toSorted().join()
}

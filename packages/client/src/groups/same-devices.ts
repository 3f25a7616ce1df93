/** Whether both lists name the same devices, in whatever order. */
export function sameDevices(a: readonly { device: string }[], b: readonly { device: string }[]): boolean {
  return namesOf(a) === namesOf(b)
}

function namesOf(devices: readonly { device: string }[]): string {
  const names = devices.map(({ device }) => device)
  return names.toSorted().join()
}

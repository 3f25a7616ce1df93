/** Appends a number below 2^31 in groups of seven bits, the lowest first. */
export function pushVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  bytes.push(rest)
}

/** The number that begins there, and where it ends; undefined when there is none below 2^31. */
export function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0
  for (let [at, scale] = [start, 1]; at < start + 5; at += 1, scale *= 128) {
    const byte = bytes[at]
    if (byte === undefined) return undefined
    value += (byte % 128) * scale
    if (byte < 128) return value < 2 ** 31 ? { value, next: at + 1 } : undefined
  }
  return undefined
}

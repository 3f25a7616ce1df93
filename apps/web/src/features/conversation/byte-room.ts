/** The most bytes of UTF-8 that one message holds. */
export const MESSAGE_BYTES = 16_384

/** `left` once less than a tenth is left, `over` by how much it is too long; both in words. */
export function byteRoom(text: string): { left?: string; over?: string } {
  // Three bytes is the most that one UTF-16 unit takes: short texts need no count.
  if (text.length * 3 <= MESSAGE_BYTES * 0.9) return {}
  const left = MESSAGE_BYTES - new TextEncoder().encode(text).length
  if (left < 0) return { over: size(-left) }
  return left < MESSAGE_BYTES / 10 ? { left: size(left) } : {}
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`
}

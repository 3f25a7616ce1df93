import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Lock and stamp; git ignores it. */
export const STATE = join(ROOT, '.bootstrap')

/** The Node that the product runs on: an npm package carries the binary. */
export const NODE = join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')

export const PNPM = 'pnpm@12.21.0'

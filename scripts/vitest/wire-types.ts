import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const wire = fileURLToPath(new URL('../../packages/wire', import.meta.url))

/** The wire's message types are generated from its .proto files, and every room above imports them. */
export default function setup(): void {
  if (existsSync(`${wire}/gen`)) return
  execFileSync(`${wire}/node_modules/.bin/buf`, ['generate'], {
    cwd: wire,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${wire}/node_modules/.bin:${process.env['PATH']}` },
  })
}

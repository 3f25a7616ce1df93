import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const apps = ['cli', 'relay'].map((app) => fileURLToPath(new URL(`../../apps/${app}`, import.meta.url)))

/** Puts the programs together as they are in the sources now: the harness runs them as people do, and some hundred times. */
export default function setup(): void {
  for (const cwd of apps)
    execFileSync(`${cwd}/node_modules/.bin/rolldown`, ['-c', '--logLevel', 'warn'], { cwd, stdio: 'inherit' })
}

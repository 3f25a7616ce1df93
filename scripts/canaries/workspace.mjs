import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { ROOT } from '../bootstrap/places.mjs'

/** What the tools that hold the walls read, besides sources. */
const RULES = [
  'package.json',
  'pnpm-workspace.yaml',
  'turbo.json',
  '.oxlintrc.json',
  'tsconfig.*.json',
  '{packages,apps}/*/{package,turbo}.json',
]

/** An image of this workspace in a temporary folder: every rule as it stands here, and rooms without any source. */
export class Workspace {
  #folder = mkdtempSync(join(tmpdir(), 'sotto-canary-'))

  constructor() {
    for (const file of globSync(RULES, { cwd: ROOT })) {
      this.#makeRoom(file)
      copyFileSync(join(ROOT, file), join(this.#folder, file))
    }
    for (const room of globSync('{packages,apps}/*/package.json', { cwd: ROOT })) {
      this.write(join(dirname(room), 'src/index.ts'), 'export {}\n')
    }
  }

  /** @param {string} file @param {string} content */
  write(file, content) {
    this.#makeRoom(file)
    writeFileSync(join(this.#folder, file), content)
  }

  /**
   * Lets one room declare that it depends on another.
   * @param {string} room
   * @param {string} dependency name of the other's package
   * @returns {string} name of the room's package
   */
  depend(room, dependency) {
    const file = join(room, 'package.json')
    const manifest = JSON.parse(readFileSync(join(this.#folder, file), 'utf8'))
    this.write(
      file,
      JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, [dependency]: 'workspace:*' } }),
    )
    return manifest.name
  }

  /**
   * Runs one of our tools there.
   * @param {string} tool
   * @param {string[]} args
   * @returns {{ passed: boolean, output: string }}
   */
  run(tool, args) {
    const bin = join(ROOT, 'node_modules/.bin')
    const { status, stdout, stderr, error } = spawnSync(join(bin, tool), args, {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    })
    if (error) throw error
    return { passed: status === 0, output: stdout + stderr }
  }

  dispose() {
    rmSync(this.#folder, { recursive: true })
  }

  /** @param {string} file */
  #makeRoom(file) {
    const folder = dirname(join(this.#folder, file))
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  }
}

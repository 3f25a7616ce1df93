import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import dockerignore from '@balena/dockerignore'
import type { Step } from './dockerfile.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const IGNORED = fileURLToPath(new URL('../Dockerfile.dockerignore', import.meta.url))
/** Of a container: nothing of ours but where Node is. The official image has it on its PATH too. */
const BARE_ENV = {
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  HOME: process.env['HOME'],
}

/** What a Dockerfile has made, without Docker: folders instead of images. */
export interface Made {
  /** The place on this machine of a path in the image. */
  at(path: string): string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

interface Stage {
  readonly root: string
  cwd: string
  env: NodeJS.ProcessEnv
}

/**
 * Carries out the instructions in empty folders: COPY from the checkout as the ignore file has it, RUN as it stands. What isolates a container
 * is not tried here, nor what is in the base image beside Node and npm.
 */
export function carryOut(steps: readonly Step[], folder: string): Made {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const step of steps) {
    if (step.is === 'from') {
      const root = join(folder, `stage-${String(stages.size)}`)
      mkdirSync(root)
      chmodSync(root, 0o755)
      stage = { root, cwd: '/', env: { ...BARE_ENV } }
      stages.set(step.as ?? String(stages.size), stage)
      continue
    }
    if (stage === undefined) throw new Error('The Dockerfile does not begin with FROM.')
    follow(step, stage, stages)
  }
  if (stage === undefined) throw new Error('The Dockerfile is empty.')
  const { root, cwd, env } = stage
  return { at: (path) => join(root, path), cwd: join(root, cwd), env }
}

function follow(step: Exclude<Step, { is: 'from' }>, stage: Stage, stages: ReadonlyMap<string, Stage>): void {
  const at = (path: string): string => join(stage.root, resolve(stage.cwd, path))
  switch (step.is) {
    case 'workdir':
      stage.cwd = resolve(stage.cwd, step.path)
      return void mkdirSync(at('.'), { recursive: true })
    case 'copy': {
      if (step.from === undefined) return copyContext(resolve(ROOT, step.source), at(step.target))
      const from = stages.get(step.from)
      if (from === undefined) throw new Error(`There is no stage ${step.from}.`)
      return cpSync(join(from.root, step.source), at(step.target), { recursive: true, verbatimSymlinks: true })
    }
    case 'run':
      // A path of the image would be one of this machine here.
      if (/(^|[\s='"])\//.test(step.command)) throw new Error(`RUN names a path from the root: ${step.command}`)
      return void execFileSync('/bin/sh', ['-c', step.command], { cwd: at('.'), env: stage.env, stdio: 'pipe' })
    case 'env':
      stage.env = { ...stage.env, [step.name]: step.value }
      return
    case 'user':
    case 'volume':
    case 'expose':
    case 'entrypoint':
    case 'healthcheck':
      return
  }
}

/** The checkout, without what the ignore file keeps out. */
function copyContext(from: string, to: string): void {
  const ignore = dockerignore.default().add(readFileSync(IGNORED, 'utf8'))
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const name = relative(ROOT, path)
      // Nothing that is let in lies in these.
      if (entry.isDirectory() && ['node_modules', '.git', 'dist'].includes(entry.name)) continue
      if (entry.isDirectory()) walk(path)
      else if (!ignore.ignores(name)) cpSync(path, join(to, relative(from, path)), { recursive: true })
    }
  }
  walk(from)
}

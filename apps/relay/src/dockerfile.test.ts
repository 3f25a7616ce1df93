import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readDockerfile, type Step } from '../test/dockerfile.ts'
import { parseArguments } from './arguments.ts'

// That the image's instructions work is tried by `pnpm --filter @sotto/relay-app image`; here, that they say what the rest of the repository does.

const ROOT = new URL('../../../', import.meta.url)
const steps = readDockerfile()
const { packageManager, devDependencies } = JSON.parse(text('package.json')) as {
  packageManager: string
  devDependencies: Record<string, string>
}

test('it is built and runs on the Node that everything here is tested on, with the pnpm of the lockfile', () => {
  expect(all('from').map(({ image }) => image)).toEqual(Array(2).fill(`node:${devDependencies['node'] ?? ''}-slim`))
  const managers = all('run').flatMap(({ command }) => command.match(/pnpm@[\d.]+/g) ?? [])
  expect(new Set(managers)).toEqual(new Set([packageManager]))
})

test('it runs as nobody in particular, with its data in a volume', () => {
  expect(all('user')).toEqual([{ is: 'user', value: '1000:1000' }])
  expect(all('volume')).toEqual([{ is: 'volume', value: '/data' }])
})

test('the relay takes the options that it is started with, and its health is asked for where it answers', () => {
  const [entry] = all('entrypoint')
  const [check] = all('healthcheck')
  const asked = parseArguments(entry?.words.slice(2) ?? [])
  expect(asked).toMatchObject({ name: 'relay', options: { data: '/data', host: '0.0.0.0' } })
  if (asked?.name !== 'relay') throw new Error('no relay')
  expect(all('expose')).toEqual([{ is: 'expose', value: String(asked.options.port) }])
  expect(check?.words.join(' ')).toContain(`http://127.0.0.1:${String(asked.options.healthPort)}/healthz`)
})

test('all that the ignore file lets in is there', () => {
  const letIn = text('apps/relay/Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!') && !line.includes('*'))
  expect(letIn.length).toBeGreaterThan(5)
  for (const line of letIn)
    expect({ line, there: existsSync(new URL(line.slice(1), ROOT)) }).toEqual({ line, there: true })
})

function all<Is extends Step['is']>(is: Is): readonly Extract<Step, { is: Is }>[] {
  return steps.filter((step): step is Extract<Step, { is: Is }> => step.is === is)
}

function text(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')
}

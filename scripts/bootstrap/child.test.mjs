import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ended, withoutNpm } from './child.mjs'

const CHILD = JSON.stringify(fileURLToPath(new URL('child.mjs', import.meta.url)))

/** @param {string} program @param {string} [caller] */
function standInSource(program, caller = '/') {
  return `import { runChild } from ${CHILD}
    process.exitCode = await runChild(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: '/', caller: ${JSON.stringify(caller)} })`
}

/** A process that stands in for its child, which runs `program`. @param {string} program @param {string} [caller] */
function standIn(program, caller) {
  const source = standInSource(program, caller)
  return spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] })
}

test.for([0, 1, 2, 77])('exit status %i passes through', async (status) => {
  expect(await ended(standIn(`process.exit(${status})`))).toBe(status)
})

test('an end by a signal is told as a shell tells it', async () => {
  expect(await ended(standIn(`process.kill(process.pid, 'SIGKILL')`))).toBe(137)
})

const COUNT_SIGNALS = `
  let count = 0
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); setTimeout(() => process.exit(40 + ++count), 300) })
  setInterval(() => {}, 1000)
  console.log('ready')`

test.for(/** @type {const} */ (['SIGINT', 'SIGTERM']))(
  '%s reaches the child once, however often it comes at once',
  async (signal) => {
    const process = standIn(COUNT_SIGNALS)
    let heard = ''
    process.stdout.on('data', (data) => (heard += data))
    await once(process.stdout, 'data')
    process.kill(signal)
    process.kill(signal)
    expect(await ended(process)).toBe(41)
    expect(heard).toBe(`ready\n${signal}\n`)
  },
)

// Lives on long enough after the end of its input to see a second signal.
const LIVE_ON = `
  process.on('SIGTERM', () => console.log('SIGTERM'))
  process.stdin.on('end', () => setTimeout(() => process.exit(), 1500)).resume()
  console.log('ready')`

test.for([
  { name: 'npm', env: { npm_execpath: '/npm' }, expected: 'ready\nSIGTERM\n' },
  { name: 'a shell', env: {}, expected: 'ready\n' },
])('what happens when $name that started it is killed', async ({ env, expected }) => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', starterOf(standInSource(LIVE_ON))], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let heard = ''
  starter.stdout.on('data', (data) => (heard += data))
  await once(starter.stdout, 'data')
  starter.kill('SIGKILL')
  starter.stdin.end()
  await once(starter.stdout, 'close') // nobody holds it any more: all have ended
  expect(heard).toBe(expected)
})

/** @param {string} source of a module that a process of its own runs */
function starterOf(source) {
  return `import { spawn } from 'node:child_process'
    spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(source)}], { stdio: 'inherit' })`
}

test("the streams are the child's own, and it knows the caller's folder", async () => {
  const process = standIn(`process.stdin.pipe(process.stdout); console.log(process.env.INIT_CWD)`, '/somewhere')
  let heard = ''
  process.stdout.on('data', (data) => (heard += data))
  process.stdin.end('typed')
  expect(await ended(process)).toBe(0)
  expect(heard.split('\n').toSorted()).toEqual(['/somewhere', 'typed'].toSorted())
})

test('what npm says about itself does not reach the child, and where packages come from does', () => {
  const kept = {
    PATH: '/bin',
    npm_config_registry: 'https://registry.test/',
    NPM_CONFIG_REGISTRY: 'https://registry.test/',
    npm_config_https_proxy: 'http://proxy.test',
  }
  expect(
    withoutNpm({
      ...kept,
      npm_lifecycle_event: 'sotto',
      npm_package_name: 'sotto',
      npm_config_prefix: '/usr',
      npm_command: 'run',
    }),
  ).toEqual(kept)
})

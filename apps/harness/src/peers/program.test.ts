import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'

const STARTER = `
  const { startNode } = await import(${JSON.stringify(new URL('program.ts', import.meta.url).href)})
  const program = startNode('sleeper', ['-e', 'setInterval(() => {}, 1000); console.log(JSON.stringify({ pid: process.pid }))'])
  console.log(String((await program.until(() => true)).pid))
`

test.runIf(process.platform === 'linux')(
  'a program ends with whoever started it, also when that is killed',
  async () => {
    const starter = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', STARTER])
    const [pid] = (await once(starter.stdout, 'data')) as [Buffer]
    const place = `/proc/${Number(pid.toString())}/stat`
    expect(existsSync(place)).toBe(true)
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    await expect.poll(() => existsSync(place), { timeout: 10_000 }).toBe(false)
  },
)

// The one door of the root scripts: brings this clone to where TASK can run, then runs it. Standard output belongs to the task.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './bootstrap/child.mjs'
import { NODE, ROOT } from './bootstrap/places.mjs'
import { PrepareError } from './bootstrap/pnpm.mjs'
import { prepare } from './bootstrap/prepare.mjs'
import { isWritten, tasks } from './bootstrap/tasks.mjs'

process.exitCode = await main(process.argv.slice(2))

/** @param {string[]} argv TASK and its own arguments */
async function main([name = '', ...given]) {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task === undefined)
    return refuse(`There is no task ${JSON.stringify(name)}. Tasks: ${Object.keys(tasks).join(', ')}.`)
  const node = process.versions.node
  if (Number(node.split('.')[0]) < 20) return refuse(`Node ${node} is too old: install Node 20 or newer.`)
  if (!isWritten(task)) return refuse(`\`npm run ${name}\` is not available yet.`)
  try {
    await prepare(task)
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error
    return refuse(error.message, error.status)
  }
  if (task.main === undefined) return 0
  const main = join(ROOT, task.main)
  if (!existsSync(main)) return refuse(`The build did not make ${task.main}: see ${join(ROOT, 'turbo.json')}.`, 1)
  const caller = process.env['INIT_CWD'] ?? process.cwd()
  return runChild(NODE, [main, ...(task.args ?? []), ...given], { cwd: task.fromRoot ? ROOT : caller, caller })
}

/** @param {string} sentence */
function refuse(sentence, status = 2) {
  process.stderr.write(`${sentence}\n`)
  return status
}

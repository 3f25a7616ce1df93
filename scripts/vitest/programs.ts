import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import program from '../../rolldown.program.ts'

const { output, ...input } = program

/** Puts the programs together as they are in the sources now: the harness runs them as people do, and some hundred times. */
export default async function setup(): Promise<void> {
  for (const app of ['cli', 'relay']) await putTogether(fileURLToPath(new URL(`../../apps/${app}/`, import.meta.url)))
}

async function putTogether(cwd: string): Promise<void> {
  const bundle = await rolldown({ ...input, cwd })
  const { output: files } = await bundle.generate(output)
  mkdirSync(join(cwd, output.dir), { recursive: true })
  for (const file of files) {
    // Others may be starting what is there: it is not touched when it is the same.
    if (file.type === 'chunk' && read(join(cwd, output.dir, file.fileName)) !== file.code)
      writeFileSync(join(cwd, output.dir, file.fileName), file.code)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // not built yet
  }
}

import { isAbsolute, resolve } from 'node:path'
import { homedir } from 'node:os'

/** What every command gets. */
export interface GlobalOptions {
  readonly home?: string
  readonly json?: boolean
  readonly verbose?: boolean
  /** Ways of connecting directly, of `run` only. */
  readonly transports?: readonly ('tcp' | 'ws' | 'webrtc')[]
}

/** The home's absolute path: `--home`, then `SOTTO_HOME`, then `~/.sotto`; relative to the caller's folder. */
export function homeOf(options: GlobalOptions): string {
  const chosen = options.home ?? process.env['SOTTO_HOME']
  if (chosen === undefined || chosen === '') return resolve(homedir(), '.sotto')
  return isAbsolute(chosen) ? chosen : resolve(process.env['INIT_CWD'] ?? process.cwd(), chosen)
}

/** All of standard input, without the line break at its end. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

import { fileURLToPath } from 'node:url'

/** The programs that take part: the terminal client and the relay, as people start them. */
export type App = 'cli' | 'relay'

const APPS = new URL('../../../', import.meta.url)
const isSource = import.meta.url.endsWith('.ts')

/** The built file of a program, which Node is given to run it. Tests build it before they begin. */
export function mainOf(app: App): string {
  return fileURLToPath(new URL(`${app}/dist/main.js`, APPS))
}

/** What runs in place of a source file (`new URL('./name.ts', import.meta.url)`): itself, or what was built from it. */
export function runnable(source: URL): URL {
  return isSource ? source : new URL(source.href.replace(/\.ts$/, '.js'))
}

/** Where Node keeps what it has compiled, so that the hundredth command starts faster than the first. */
export const COMPILE_CACHE: string = fileURLToPath(new URL('harness/node_modules/.cache/compiled', APPS))

/** The built page. */
export const PAGE: string = fileURLToPath(new URL('web/dist', APPS))

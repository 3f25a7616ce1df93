import type { CiphersuiteImpl, ClientConfig } from 'ts-mls'
import type * as Group from 'ts-mls/groupContext.js'
import type * as Hpke from 'ts-mls/crypto/hpke.js'
import type * as Packages from 'ts-mls/keyPackage.js'
import type * as Schedule from 'ts-mls/keySchedule.js'
import type * as Mls from 'ts-mls'
import type * as Config from '../../packages/group/src/library-config.ts'
import type * as Suites from '../../packages/group/src/vectors/suites.ts'
import { p256 } from './p256.ts'
import { ENGINES, SUITES, type EngineName, type SuiteId } from './names.ts'

type Library = typeof Mls &
  Pick<typeof Schedule, 'initializeEpoch'> &
  Pick<typeof Hpke, 'decryptWithLabel'> &
  Pick<typeof Group, 'encodeGroupContext'> &
  Pick<typeof Packages, 'encodeKeyPackage' | 'decodeKeyPackage'>

export interface Engine {
  readonly name: EngineName
  readonly library: Library
  readonly suite: CiphersuiteImpl
  /** The product's; published libraries have their defaults. */
  readonly config: ClientConfig | undefined
}

/** Needs `npm run interop -- --install` and the built `packages/group`. */
export async function engineOf(name: EngineName, suiteId: SuiteId): Promise<Engine> {
  const library = await libraryOf(ENGINES[name])
  if (name !== 'product') {
    const suite = await library.getCiphersuiteImpl(library.getCiphersuiteFromName(SUITES[suiteId]))
    return { name, library, suite, config: undefined }
  }
  const built = new URL('../../packages/group/dist/', import.meta.url)
  const { suiteOf }: typeof Suites = await load(new URL('vectors/suites.js', built).href)
  const { libraryConfig }: typeof Config = await load(new URL('library-config.js', built).href)
  const config = libraryConfig({ validateCredential: async () => true })
  const suite = await suiteOf(suiteId)
  return { name, library, suite: suiteId === 2 ? { ...suite, signature: p256 } : suite, config }
}

async function libraryOf(name: string): Promise<Library> {
  const parts = ['', '/keySchedule.js', '/crypto/hpke.js', '/groupContext.js', '/keyPackage.js']
  const modules = await Promise.all(parts.map((part) => load(`${name}${part}`)))
  return Object.assign({}, ...modules)
}

function load(specifier: string): Promise<never> {
  return import(specifier) as Promise<never>
}

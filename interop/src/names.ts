/** The suites that both sides speak. Sotto's own, 0xf00e, is not among them: OpenMLS has no X-Wing. */
export const SUITES = {
  1: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
  2: 'MLS_128_DHKEMP256_AES128GCM_SHA256_P256',
} as const
export type SuiteId = keyof typeof SUITES

export function suiteIdOf(text: string): SuiteId | undefined {
  return text === '1' ? 1 : text === '2' ? 2 : undefined
}

/** The packages of the engines. `product` is the library that Sotto runs, with its patch; the others are as they were published. */
export const ENGINES = { product: 'ts-mls', unpatched: 'ts-mls-1.6.4', '1.6.2': 'ts-mls-1.6.2' } as const
export type EngineName = keyof typeof ENGINES

export function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(ENGINES, name)
}

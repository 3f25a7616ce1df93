export * from './clock.ts'
export * from './random.ts'
export * from './store-conformance.ts'

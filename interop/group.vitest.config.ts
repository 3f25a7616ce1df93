import { fileURLToPath } from 'node:url'
import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import room from '../vitest.room.ts'

// The tests of packages/group with another engine in place of its own: `SOTTO_ENGINE` names a package of this folder.
const source = fileURLToPath(new URL(`node_modules/${process.env['SOTTO_ENGINE']}/dist/src/`, import.meta.url))

const config: ViteUserConfig = mergeConfig(room, {
  root: fileURLToPath(new URL('../packages/group', import.meta.url)),
  resolve: {
    alias: [
      { find: /^ts-mls\/(.*)$/, replacement: `${source}$1` },
      { find: /^ts-mls$/, replacement: `${source}index.js` },
    ],
  },
})
export default config

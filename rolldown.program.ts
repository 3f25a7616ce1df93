import type { InputOptions, OutputOptions } from 'rolldown'

/**
 * How a program of Node is put together, ours and the libraries in a few files: a command starts in a quarter of the time that finding and
 * reading a thousand modules takes. It is read from the rooms' sources, as tests read them.
 */
const program: InputOptions & { readonly output: OutputOptions & { readonly dir: string } } = {
  input: 'src/main.ts',
  platform: 'node',
  resolve: { conditionNames: ['source', 'node', 'import', 'default'] },
  // What brings machine code stays where it was installed.
  external: [/^better-sqlite3-multiple-ciphers/, /^node-datachannel/],
  output: { dir: 'dist', format: 'esm', chunkFileNames: '[name].js' },
}

export default program

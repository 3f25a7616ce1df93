import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

/** What the page may load and whom it may talk to. A server may add `frame-ancestors 'none'`, which a page cannot say of itself. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ws: wss:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const SHELL = /preload-helper|[\\/](?:packages[\\/]interface|node_modules[\\/](?:react|react-dom|scheduler))[\\/]/
const MESSENGER = /[\\/](?:packages|node_modules[\\/](?:ts-mls|@hpke|@noble|@scure|@bufbuild|mlkem))[\\/]/
const NETWORK =
  /[\\/](?:packages[\\/]net|node_modules[\\/](?:@?libp2p|@chainsafe|@ipld|@multiformats|multiformats|it-|uint8|protons|any-|p-|abort|race-|datastore|interface-|weald|delay|progress-events|cborg|main-event|merge-|@achingbrain|netmask|hashlru|get-iterator|observable-webworkers|event|byte-access|utf8-codec|denque|mortice|is-))/

/** `--mode fixture` builds the page over a client without a network, for the view tests. */
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [tailwindcss(), policy(), early(), ...(mode === 'fixture' ? [fixtureEntry()] : [])],
  build: {
    target: 'es2023',
    outDir: mode === 'fixture' ? 'test-results/fixture' : 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // scripts/sizes.mjs holds the budgets, gzipped
    rolldownOptions: {
      onLog(level, log, report) {
        if (!isNoise(log)) report(level, log)
      },
      output: {
        codeSplitting: {
          // The network stack changes seldom and the messenger often: a new version of one leaves the other in the cache.
          groups: [
            { name: 'shell', priority: 3, test: SHELL },
            { name: 'net', priority: 2, test: NETWORK },
            { name: 'messenger', priority: 1, test: MESSENGER },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
}))

/** The policy stands in the page itself, so that it holds whoever serves it. */
function policy(): Plugin {
  return {
    name: 'sotto-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
  }
}

/** What bundling says about our dependencies and nobody can act on. */
function isNoise({ code, message }: { code?: string; message: string }): boolean {
  // React's "use client" means nothing outside a React server.
  if (code === 'MODULE_LEVEL_DIRECTIVE') return true
  // The pure HPKE and ML-KEM packages look for Node's crypto only where the platform's own is missing.
  return message.includes('Module "crypto" has been externalized') && /@hpke|mlkem/.test(message)
}

/** The page asks for the messenger in its first line: the browser may as well fetch it while it reads that line. */
function early(): Plugin {
  return {
    name: 'sotto-early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter((file) => file.type === 'chunk' && (file.name === 'messenger' || file.name === 'net'))
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
            injectTo: 'head' as const,
          })),
    },
  }
}

function fixtureEntry(): Plugin {
  return {
    name: 'sotto-fixture-entry',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('/src/main.tsx', '/src/dev/main.tsx') },
  }
}

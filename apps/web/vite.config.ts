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

/** `--mode fixture` builds the page over a client without a network, for the view tests. */
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [tailwindcss(), policy(), ...(mode === 'fixture' ? [fixtureEntry()] : [])],
  build: {
    target: 'es2023',
    outDir: mode === 'fixture' ? 'test-results/fixture' : 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, report) {
        // React's "use client" means nothing outside a React server.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log)
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

function fixtureEntry(): Plugin {
  return {
    name: 'sotto-fixture-entry',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('/src/main.tsx', '/src/dev/main.tsx') },
  }
}

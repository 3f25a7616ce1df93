// Prints what a person downloads, gzipped and by part, and fails when a part outgrows its budget.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const assets = fileURLToPath(new URL('../dist/assets/', import.meta.url))

/** The first part whose pattern fits a file's name takes it. Budgets in KiB, gzipped. */
const PARTS = [
  {
    name: 'not loaded (parts of SQLite for other set-ups)',
    pattern: /^sqlite3-(?:opfs-async-proxy|worker1)/,
    budget: Infinity,
  },
  { name: 'store: worker and wasm', pattern: /^(?:worker|sqlite3)-/, budget: 560 },
  { name: 'network', pattern: /^net-/, budget: 215 },
  { name: 'messenger and cryptography', pattern: /^(?:messenger|browser|__vite)-/, budget: 160 },
  { name: 'app shell', pattern: /./, budget: 160 },
]

const files = readdirSync(assets).map((name) => ({
  name,
  bytes: gzipSync(readFileSync(assets + name), { level: 9 }).length,
}))
const rest = new Set(files)
let failed = false

for (const { name, pattern, budget } of PARTS) {
  const mine = [...rest].filter((file) => pattern.test(file.name))
  for (const file of mine) rest.delete(file)
  const sum = mine.reduce((total, file) => total + file.bytes, 0)
  const over = sum > budget * 1024
  failed ||= over
  console.log(`${kib(sum)}  ${name}${budget === Infinity ? '' : ` (budget ${budget} KiB)${over ? '  TOO LARGE' : ''}`}`)
  for (const file of mine) console.log(`${kib(file.bytes)}    ${file.name}`)
}
process.exitCode = failed ? 1 : 0

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(7)} KiB`
}

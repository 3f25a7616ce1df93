import { expect, test } from 'vitest'
import { linkedText } from './linked-text.ts'

const linksIn = (text: string): (string | undefined)[] =>
  linkedText(text).flatMap(({ href }) => (href === undefined ? [] : [href]))

test.each([
  ['see https://example.org.', 'https://example.org'],
  ['(https://example.org/a_(b))', 'https://example.org/a_(b)'],
  ['HTTPS://EXAMPLE.org/x?y=1#z, and', 'HTTPS://EXAMPLE.org/x?y=1#z'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
])('the address in %s is what was written', (text, shown) => {
  expect(linkedText(text).find(({ href }) => href !== undefined)?.text).toBe(shown)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,<script>',
  'file:///etc/passwd',
  'https://bank.example@evil.example/',
  'https://user:word@example.org',
  'https://',
  'http://[',
  'example.org',
  'vbscript:https',
  'http://\u0430\u0440\u0440\u04CF\u0435.com', // Cyrillic
  'https://m\u00FCnchen.example',
  'http://0x7f.1/',
  'http://\uFF11\uFF12\uFF17.0.0.1/',
])('%s leads nowhere', (text) => {
  expect(linksIn(text)).toEqual([])
})

test('a direction mark ends an address, so that it cannot be shown turned around', () => {
  expect(linksIn('https://example.org/\u202Egpj.exe')).toEqual(['https://example.org/'])
})

test('the parts together are the message, whatever it is', () => {
  const pieces = ['https://a.example/', 'http://', '(', ')', ' ', '.', '\u202E', '@', 'x', '\n', '😀', ']']
  let seed = 7
  for (let run = 0; run < 5_000; run++) {
    let text = ''
    for (let length = run % 12; length > 0; length--) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      text += pieces[seed % pieces.length] ?? ''
    }
    const parts = linkedText(text)
    expect(parts.map((part) => part.text).join('')).toBe(text)
    for (const { href } of parts) if (href !== undefined) expect(href).toMatch(/^https?:\/\//)
  }
})

test('a long hostile text is done at once', () => {
  const started = performance.now()
  linkedText(`https://${')'.repeat(16_000)}`)
  linkedText('https://a'.repeat(1_800))
  linkedText(`https://a/${'.'.repeat(2_000)}x `.repeat(8))
  expect(performance.now() - started).toBeLessThan(500)
})

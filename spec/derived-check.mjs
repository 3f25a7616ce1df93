// A second reading of group.md sections 1, 2 and 4 (generations) and of events.md section 2 (proofs of one event), with Node's own cryptography and
// nothing of the engine's.
//
//     node spec/derived-check.mjs spec/vectors/generation.json spec/vectors/event-proof.json
//
// says for every case whether this reading comes to what the file says. Exit status 1 if one differs.
import { createHash, createPrivateKey, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { argv, exit, stdout } from 'node:process'
import { isDeepStrictEqual } from 'node:util'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hex = (bytes) => Buffer.from(bytes).toString('hex')
const bytes = (text) => Buffer.from(text, 'hex')
const u8 = (number) => Buffer.of(number)
const u32 = (number) => Buffer.of(number >>> 24, number >>> 16, number >>> 8, number)

// Ed25519 keys in the forms that Node takes: RFC 8410.
const privateKey = (seed) =>
  createPrivateKey({
    key: Buffer.concat([bytes('302e020100300506032b657004220420'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
const publicOf = (seed) => createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(-32)
const publicKey = (key) =>
  createPublicKey({ key: Buffer.concat([bytes('302a300506032b6570032100'), key]), format: 'der', type: 'spki' })

/** Group.md section 4. */
function derive(secret, purpose, length, ...context) {
  const info = Buffer.concat([u8(purpose.length), Buffer.from(purpose), ...context])
  return Buffer.from(hkdfSync('sha256', secret, 'sotto/generation/1', info, length))
}

/** Protobuf, as far as it is needed: wire.md section 1. */
const field = (number, value) => Buffer.concat([u8((number << 3) | 2), varint(value.length), value])
const integer = (number, value) => (value === 0 ? Buffer.alloc(0) : Buffer.concat([u8(number << 3), varint(value)]))
const varint = (value) => (value < 128 ? u8(value) : Buffer.concat([u8((value & 127) | 128), varint(value >>> 7)]))

const mailboxId = (lane, read, writes) => {
  const keys = writes.map((seed) => field(3, publicOf(seed)))
  return hex(sha256('sotto/mailbox-id/1', integer(1, lane), field(2, publicOf(read)), ...keys))
}

function keysOf({ secret: text, relay, devices }) {
  const secret = bytes(text)
  const key = (purpose, length = 32, ...context) => hex(derive(secret, purpose, length, ...context))
  const seed = (purpose, ...context) => derive(secret, purpose, 32, sha256(relay), ...context)
  const content = [seed('mailbox/content/read'), [seed('mailbox/content/write')]]
  const control = [seed('mailbox/control/read'), devices.map((device) => seed('mailbox/control/write', bytes(device)))]
  const mailbox = (lane, [read, writes]) => ({
    read: hex(read),
    write: writes.map(hex),
    id: mailboxId(lane, read, writes),
  })
  return {
    id: key('id', 16),
    envelope: key('envelope'),
    nonce: key('nonce'),
    tag: key('tag'),
    hello: key('hello'),
    topic: key('topic', 16),
    gossip: key('gossip'),
    welcome: key('welcome'),
    content: mailbox(1, content),
    control: mailbox(2, control),
  }
}

/** Group.md section 2: what a commit's authenticated_data says. */
function openingIn(text) {
  const [version, flags, ...rest] = bytes(text)
  if (version !== 1 || flags === undefined || flags > 1) return undefined
  return { opensGeneration: flags === 1, bytes: hex(Buffer.from(rest)) }
}

/** Group.md section 1: what a GroupInfo tells of the generation. */
function toldIn(extensions) {
  const [ours, ...more] = extensions.filter(({ type }) => type === 0xf0a0)
  if (ours === undefined || more.length > 0 || ![0, 64].includes(ours.data.length)) return undefined
  return { secret: ours.data }
}

/** Wire.md section 3, Merkle tree: the root to which a path leads, if it has the length that index and count demand. */
function rootOf(id, index, count, path) {
  if (index >= count) return undefined
  if (count === 1) return path.length === 0 ? sha256(u8(0), id) : undefined
  const [rest, last] = [path.slice(0, -1), path.at(-1)]
  let split = 1
  while (split * 2 < count) split *= 2
  const isLeft = index < split
  const below = isLeft ? rootOf(id, index, split, rest) : rootOf(id, index - split, count - split, rest)
  if (below === undefined || last === undefined) return undefined
  return isLeft ? sha256(u8(1), below, last) : sha256(u8(1), last, below)
}

/** The fields of an EventHeader that a proof needs. */
function fieldsOf(header) {
  const fields = new Map()
  for (let at = 0; at < header.length;) {
    const tag = header[at++]
    const number = () => {
      let [value, shift] = [0, 0]
      do {
        value += (header[at] & 127) * 2 ** shift
        shift += 7
      } while (header[at++] > 127)
      return value
    }
    const value = number()
    if ((tag & 7) === 2) fields.set(tag >> 3, header.subarray(at, (at += value)))
    else fields.set(tag >> 3, value)
  }
  return fields
}

/** Events.md section 2, proof of one event. */
function provenBy(headerText, proofText) {
  const [header, proof] = [bytes(headerText), bytes(proofText)]
  if (proof[0] !== 1 || proof.length < 133 || (proof.length - 133) % 32 !== 0 || proof.length > 133 + 8 * 32)
    return undefined
  const [conversation, device] = [fieldsOf(header).get(1), fieldsOf(header).get(3)]
  if (conversation === undefined || device === undefined) return undefined
  const [epoch, root, signature] = [proof.subarray(1, 33), proof.subarray(37, 69), proof.subarray(69, 133)]
  const [index, count] = [proof.readUInt16BE(33), proof.readUInt16BE(35)]
  const path = Array.from({ length: (proof.length - 133) / 32 }, (_, i) => proof.subarray(133 + 32 * i, 165 + 32 * i))
  if (count > 256 || !rootOf(sha256(header), index, count, path)?.equals(root)) return undefined
  const body = Buffer.concat([
    field(1, conversation),
    field(2, epoch),
    field(3, device),
    integer(4, count),
    field(5, root),
  ])
  const label = 'sotto/seal/1'
  const statement = Buffer.concat([u8(label.length), Buffer.from(label), u32(body.length), body])
  if (!verify(null, statement, publicKey(device), signature)) return undefined
  return { eventId: hex(sha256(header)), statement: hex(statement), signature: hex(signature) }
}

/** What this reading makes of a case, or undefined for one that is refused. */
function readingOf(one) {
  if ('proof' in one) return provenBy(one.header, one.proof)
  if ('relay' in one) return keysOf(one)
  return 'extensions' in one ? toldIn(one.extensions) : openingIn(one.authenticatedData)
}

let wrong = 0
for (const path of argv.slice(2)) {
  const { valid, invalid } = JSON.parse(readFileSync(path, 'utf8'))
  for (const one of [...valid, ...invalid]) {
    const { name, header: _, proof: __, reason: ___, ...expected } = one
    const found = readingOf(one)
    const isTaken = found !== undefined && isDeepStrictEqual({ ...expected, ...found }, expected)
    const isSame = valid.includes(one) ? isTaken : found === undefined
    if (!isSame) wrong++
    stdout.write(`${isSame ? 'same' : 'DIFFERS'}: ${name}\n`)
  }
}
exit(wrong === 0 ? 0 : 1)

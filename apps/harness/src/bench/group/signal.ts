import { present } from './contender.ts'

/** The part of `@signalapp/libsignal-client` that is used here. */
export interface SignalModule {
  readonly PrivateKey: { generate(): PrivateKey }
  readonly KEMKeyPair: { generate(): { getPublicKey(): Serializable } }
  readonly ProtocolAddress: { new: (name: string, device: number) => Address }
  readonly PreKeyRecord: { new: (...parts: readonly unknown[]) => unknown }
  readonly SignedPreKeyRecord: { new: (...parts: readonly unknown[]) => unknown }
  readonly KyberPreKeyRecord: { new: (...parts: readonly unknown[]) => unknown }
  readonly PreKeyBundle: { new: (...parts: readonly unknown[]) => unknown }
  readonly PreKeySignalMessage: { deserialize(bytes: Uint8Array): unknown }
  readonly SignalMessage: { deserialize(bytes: Uint8Array): unknown }
  readonly CiphertextMessageType: { readonly PreKey: number }
  processPreKeyBundle(...args: readonly unknown[]): Promise<void>
  signalEncrypt(...args: readonly unknown[]): Promise<Ciphertext>
  signalDecrypt(...args: readonly unknown[]): Promise<Uint8Array>
  signalDecryptPreKey(...args: readonly unknown[]): Promise<Uint8Array>
}

interface Serializable {
  serialize(): Uint8Array
}

interface PrivateKey {
  getPublicKey(): Serializable
  sign(message: Uint8Array): Uint8Array
}

interface Address {
  toString(): string
}

interface Ciphertext extends Serializable {
  type(): number
}

/** One of the two, with everything that libsignal asks its caller to keep: in memory, and never copied. */
interface Party {
  readonly address: Address
  readonly key: PrivateKey
  readonly sessions: object
  readonly identities: object
  readonly preKeys: Table
  readonly signedPreKeys: Table
  readonly kyberPreKeys: Table
}

/** A session of libsignal (PQXDH, then its triple ratchet), native. The answer sends one message through and gives its bytes on the wire. */
export async function signalPair(signal: SignalModule): Promise<(plaintext: Uint8Array) => Promise<number>> {
  const alice = party(signal, '11111111-1111-4111-8111-111111111111', 1)
  const bob = party(signal, '22222222-2222-4222-8222-222222222222', 2)
  const bundle = bundleOf(signal, bob)
  await signal.processPreKeyBundle(bundle, bob.address, alice.address, alice.sessions, alice.identities)
  // Both have to have spoken once, or each message brings the whole key agreement again.
  await send(signal, { from: alice, to: bob }, new Uint8Array(1))
  await send(signal, { from: bob, to: alice }, new Uint8Array(1))
  return (plaintext) => send(signal, { from: alice, to: bob }, plaintext)
}

async function send(
  signal: SignalModule,
  { from, to }: { from: Party; to: Party },
  plaintext: Uint8Array,
): Promise<number> {
  const sealed = await signal.signalEncrypt(plaintext, to.address, from.address, from.sessions, from.identities)
  const bytes = sealed.serialize()
  const stores = [from.address, to.address, to.sessions, to.identities]
  if (sealed.type() === signal.CiphertextMessageType.PreKey) {
    const message = signal.PreKeySignalMessage.deserialize(bytes)
    await signal.signalDecryptPreKey(message, ...stores, to.preKeys, to.signedPreKeys, to.kyberPreKeys)
  } else {
    await signal.signalDecrypt(signal.SignalMessage.deserialize(bytes), ...stores)
  }
  return bytes.length
}

function party(signal: SignalModule, name: string, registration: number): Party {
  const key = signal.PrivateKey.generate()
  const sessions = new Map<string, unknown>()
  const identities = new Map<string, unknown>()
  return {
    address: signal.ProtocolAddress.new(name, 1),
    key,
    sessions: {
      saveSession: async (of: Address, record: unknown) => void sessions.set(of.toString(), record),
      getSession: async (of: Address) => sessions.get(of.toString()) ?? null,
    },
    identities: {
      getIdentityKey: async () => key,
      getIdentityKeyPair: async () => ({ publicKey: key.getPublicKey(), privateKey: key }),
      getLocalRegistrationId: async () => registration,
      saveIdentity: async (of: Address, identity: unknown) => {
        identities.set(of.toString(), identity)
        return 0
      },
      isTrustedIdentity: async () => true,
      getIdentity: async (of: Address) => identities.get(of.toString()) ?? null,
    },
    preKeys: new Table(),
    signedPreKeys: new Table(),
    kyberPreKeys: new Table(),
  }
}

/** A store of records by number, under the three names that libsignal has for it. */
class Table {
  readonly #records = new Map<number, unknown>()
  readonly getPreKey = this.#get
  readonly getSignedPreKey = this.#get
  readonly getKyberPreKey = this.#get

  put(id: number, record: unknown): void {
    this.#records.set(id, record)
  }

  async removePreKey(id: number): Promise<void> {
    this.#records.delete(id)
  }

  async markKyberPreKeyUsed(): Promise<void> {}

  async #get(id: number): Promise<unknown> {
    return present(this.#records.get(id), `record ${id}`)
  }
}

function bundleOf(signal: SignalModule, of: Party): unknown {
  const [id, now] = [1, Date.now()]
  const [preKey, signed, kyber] = [
    signal.PrivateKey.generate(),
    signal.PrivateKey.generate(),
    signal.KEMKeyPair.generate(),
  ]
  const signature = of.key.sign(signed.getPublicKey().serialize())
  const kyberSignature = of.key.sign(kyber.getPublicKey().serialize())
  of.preKeys.put(id, signal.PreKeyRecord.new(id, preKey.getPublicKey(), preKey))
  of.signedPreKeys.put(id, signal.SignedPreKeyRecord.new(id, now, signed.getPublicKey(), signed, signature))
  of.kyberPreKeys.put(id, signal.KyberPreKeyRecord.new(id, now, kyber, kyberSignature))
  const prekeys = [id, preKey.getPublicKey(), id, signed.getPublicKey(), signature]
  return signal.PreKeyBundle.new(2, 1, ...prekeys, of.key.getPublicKey(), id, kyber.getPublicKey(), kyberSignature)
}

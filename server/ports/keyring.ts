import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const ID_BYTES = 6

/** A key of a key file: its id, and 256 bits. */
export interface SecretKey {
  readonly id: string
  readonly bytes: Uint8Array
}

/**
 * Seals secrets that are stored, with AES-256-GCM. The first key seals; every key opens, so that
 * keys can be replaced while older secrets are still there.
 */
export interface Keyring {
  /** `purpose` is bound to the sealed text: it opens for the same purpose alone. */
  readonly seal: (text: string, purpose: string) => string
  /** The text; `null` when it was changed, or sealed by a key that is gone, or for something else. */
  readonly open: (sealed: string, purpose: string) => string | null
  /** Uses other keys from now on, after the key file has changed. */
  readonly replace: (keys: readonly SecretKey[]) => void
}

export function makeKeyring(initial: readonly SecretKey[]): Keyring {
  let keys = initial
  return {
    replace(next) {
      keys = next
    },
    seal(text, purpose) {
      const [first] = keys
      if (first === undefined) throw new TypeError('a keyring needs a key')
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first.bytes, iv)
      cipher.setAAD(Buffer.from(purpose))
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const packed = Buffer.concat([iv, cipher.getAuthTag(), bytes])
      return `${first.id}.${packed.toString('base64url')}`
    },
    open(sealed, purpose) {
      const [id = '', packed = ''] = sealed.split('.')
      const key = keys.find((one) => one.id === id)
      return key === undefined ? null : opened(key, Buffer.from(packed, 'base64url'), purpose)
    },
  }
}

function opened(key: SecretKey, packed: Buffer, purpose: string): string | null {
  if (packed.length < IV_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, packed.subarray(0, IV_BYTES))
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(packed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const bytes = packed.subarray(IV_BYTES + TAG_BYTES)
    return Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** A new line of a key file. */
export function newKeyLine(): string {
  return `${randomBytes(ID_BYTES).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`
}

/** The keys of a key file, the newest first. Throws a TypeError that names the line. */
export function parseKeyFile(text: string): readonly SecretKey[] {
  const keys = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [id = '', base64 = ''] = line.trim().split(':')
    const bytes = Buffer.from(base64, 'base64')
    if (/^[0-9a-f]{12}$/.test(id) && bytes.length === KEY_BYTES) return [{ id, bytes }]
    throw new TypeError(
      `line ${index + 1} is not a key: 12 hex digits, a colon, 32 bytes in base64`,
    )
  })
  if (keys.length === 0) throw new TypeError('there is no key in it')
  return keys
}

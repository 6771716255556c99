import { createHash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

/**
 * A new token: 256 random bits after a prefix that secret scanners and people recognise. A plain
 * SHA-256 is enough to store it: a slow hash protects passwords, which can be guessed, and 2^256
 * values cannot.
 */
export function newSecretToken(): string {
  return `kp_${randomBytes(TOKEN_BYTES).toString('base64url')}`
}

/** SHA-256 in hex, the stored form of tokens, sessions and links. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

import type { TSchema } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { StoredProfile } from '../../store/index.ts'
import type { Access } from '../http/access.ts'

/** Under which address the profile is read, and how the address names it. */
export interface ReadScope {
  readonly prefix: string
  readonly params: TSchema
  readonly access: Access
  readonly tag: string
  /** The profile that the path names. Throws when there is none or it may not be read. */
  readonly findProfile: (request: FastifyRequest) => Promise<StoredProfile>
}

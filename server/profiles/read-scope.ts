import type { TSchema } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { StoredProfile } from '../../store/index.ts'
import type { Access } from '../accounts/access.ts'

/** The address prefix of the profile, and how the address identifies it. */
export interface ReadScope {
  readonly prefix: string
  readonly params: TSchema
  readonly access: Access
  readonly tag: string
  /** The profile of the path. Throws when it does not exist or may not be read. */
  readonly findProfile: (request: FastifyRequest) => Promise<StoredProfile>
}

import type { TSchema } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { ErrorCode, ViewRedaction } from '../../api/index.ts'
import type { StoredProfile } from '../../store/index.ts'
import type { Access } from '../accounts/access.ts'

/** The address prefix of the profile, and how the address identifies it. */
export interface ReadScope {
  readonly prefix: string
  readonly params: TSchema
  readonly access: Access
  /** What `find` throws. */
  readonly errors: readonly ErrorCode[]
  readonly tag: string
  /** The profile of the path. Throws when it does not exist or may not be read. */
  readonly find: (request: FastifyRequest) => Promise<ReadableProfile>
}

/** A profile, and how much of it the caller may read. */
export interface ReadableProfile {
  readonly profile: StoredProfile
  /** What its views leave out; `null` for nothing. */
  readonly redaction: ViewRedaction | null
  readonly hasReport: boolean
}

import type { FastifyRequest } from 'fastify'
import { inSpace, type SpaceStore } from '../../store/index.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { callerOf } from './caller.ts'

/** What the caller's space holds. A route that declares `space: 'own'` reads rows through this alone. */
export function spaceOf(
  request: FastifyRequest,
  { store }: Pick<ServerNeeds, 'store'>,
): SpaceStore {
  return inSpace(store, callerOf(request).space)
}

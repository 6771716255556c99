import {
  AppError,
  CreateSpaceBody,
  DEFAULT_SPACE,
  ListSpacesReply,
  SpaceSummary,
} from '../../api/index.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { type Caller, callerOf, roleIn } from './caller.ts'

const tags = ['accounts']
const HOME = { name: DEFAULT_SPACE, title: 'Default', createdAtMs: null }

/** Spaces: parts of the data, each of which one team sees. */
export function spaceRoutes(app: App, { store }: ServerNeeds): void {
  app.get(
    '/api/v1/spaces',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'The spaces that the caller has a role in',
        response: { 200: ListSpacesReply },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const spaces = [HOME, ...(await store.spaces.list())]
      return { items: spaces.flatMap((space) => presentSpace(space, caller)), nextCursor: null }
    },
  )
  app.post(
    '/api/v1/spaces',
    {
      config: { access: 'server-admin', audit: 'space.create', errors: ['SPACE_EXISTS'] },
      schema: {
        tags,
        summary: 'Make a space',
        body: CreateSpaceBody,
        response: { 201: SpaceSummary },
      },
    },
    async (request, reply) => {
      const { name, title = name } = request.body
      request.auditNote = { object: name }
      if (name === DEFAULT_SPACE || !(await store.spaces.add({ name, title }))) {
        throw new AppError('SPACE_EXISTS')
      }
      return reply.code(201).send({ name, title, role: 'admin', isCurrent: false })
    },
  )
}

function presentSpace(
  { name, title }: { readonly name: string; readonly title: string },
  caller: Caller,
): readonly SpaceSummary[] {
  const role = roleIn(caller.grants, name)
  return role === null ? [] : [{ name, title, role, isCurrent: name === caller.space }]
}

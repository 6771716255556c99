import { setTimeout as delay } from 'node:timers/promises'
import { Type } from 'typebox'
import {
  AppError,
  CreateTargetBody,
  ListTargetsQuery,
  ListTargetsReply,
  ResourceName,
  SaveTargetBody,
  TargetSummary,
  TestTargetReply,
} from '../../api/index.ts'
import { webTarget } from '../../collect/index.ts'
import type { SpaceStore } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { presentFile, presentTarget, stateOf } from './present-target.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const TEST_MS_MAX = 30_000
const TEST_POLL_MS = 200

const tags = ['targets']
const params = Type.Object({ name: ResourceName })

/** The routes of targets: those of the targets file and those added over the API. */
export function targetRoutes(app: App, needs: ServerNeeds): void {
  readingRoutes(app, needs)
  creationRoute(app, needs)
  changingRoutes(app, needs)
  pauseRoutes(app, needs)
  collectorRoutes(app, needs)
}

function readingRoutes(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/targets',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'Targets by name, each with its processes: state, last capture, error, next run',
        querystring: ListTargetsQuery,
        response: { 200: ListTargetsReply },
      },
    },
    async (request) => {
      const store = spaceOf(request, needs)
      const { limit = 100, cursor = null, state, ...filter } = request.query
      const page = await store.targets.list(filter, { limit, cursor })
      const processes = Map.groupBy(
        await store.targets.processes(page.items.map(({ name }) => name)),
        ({ target }) => target,
      )
      const items = page.items
        .filter(
          ({ name }) =>
            state === undefined || processes.get(name)?.some((one) => stateOf(one) === state),
        )
        .map((target) => presentTarget(target, processes.get(target.name) ?? []))
      const file = presentFile(await store.targets.fileState())
      return { items, nextCursor: page.nextCursor, file }
    },
  )
  app.get(
    '/api/v1/targets/:name',
    {
      config: { access: 'viewer', space: 'own', errors: ['TARGET_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One target with its processes',
        params,
        response: { 200: TargetSummary },
      },
    },
    (request) => findTarget(spaceOf(request, needs), request.params.name),
  )
}

async function findTarget({ targets }: SpaceStore, name: string): Promise<TargetSummary> {
  const target = await targets.find(name)
  if (target === null) throw new AppError('TARGET_NOT_FOUND')
  return presentTarget(target, await targets.processes([name]))
}

function creationRoute(app: App, needs: ServerNeeds): void {
  app.post(
    '/api/v1/targets',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'target.create',
        errors: ['TARGET_INVALID', 'TARGET_ADDRESS_DENIED', 'TARGET_EXISTS'],
      },
      schema: {
        tags,
        summary: 'Add a target by its address, without credentials',
        body: CreateTargetBody,
        response: { 201: TargetSummary },
      },
    },
    async (request, reply) => {
      const store = spaceOf(request, needs)
      const { name } = request.body
      request.auditNote = { object: name }
      const isMade = await store.targets.create(await webTarget(request.body, store.targets))
      if (!isMade) throw new AppError('TARGET_EXISTS')
      return reply.code(201).send(await findTarget(store, name))
    },
  )
}

function changingRoutes(app: App, needs: ServerNeeds): void {
  app.put(
    '/api/v1/targets/:name',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'target.change',
        errors: ['TARGET_INVALID', 'TARGET_ADDRESS_DENIED', 'TARGET_NOT_FOUND', 'TARGET_OF_FILE'],
      },
      schema: {
        tags,
        summary: 'Change a target that was added here',
        params,
        body: SaveTargetBody,
        response: { 200: TargetSummary },
      },
    },
    async (request) => {
      const store = spaceOf(request, needs)
      const { name } = request.params
      const target = await webTarget({ name, ...request.body }, store.targets)
      if (!(await store.targets.replace(target))) await throwWhyNot(store, name)
      return await findTarget(store, name)
    },
  )
  app.delete(
    '/api/v1/targets/:name',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'target.delete',
        errors: ['TARGET_NOT_FOUND', 'TARGET_OF_FILE'],
      },
      schema: {
        tags,
        summary: 'Delete a target that was added here; its captures stay',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const store = spaceOf(request, needs)
      const { name } = request.params
      if (!(await store.targets.remove(name))) await throwWhyNot(store, name)
      return reply.code(204).send(null)
    },
  )
}

async function throwWhyNot({ targets }: SpaceStore, name: string): Promise<never> {
  const target = await targets.find(name)
  throw new AppError(target === null ? 'TARGET_NOT_FOUND' : 'TARGET_OF_FILE')
}

function pauseRoutes(app: App, needs: ServerNeeds): void {
  for (const [verb, isPaused, summary] of [
    ['pause', true, 'Take no captures of the target by schedule or alert'],
    ['resume', false, 'Take captures of the target again'],
  ] as const) {
    app.post(
      `/api/v1/targets/:name/${verb}`,
      {
        config: {
          access: 'operator',
          space: 'own',
          audit: `target.${verb}`,
          errors: ['TARGET_NOT_FOUND'],
        },
        schema: { tags, summary, params, response: { 200: TargetSummary } },
      },
      async (request) => {
        const store = spaceOf(request, needs)
        const { name } = request.params
        if (!(await store.targets.setPaused(name, isPaused))) throw new AppError('TARGET_NOT_FOUND')
        return await findTarget(store, name)
      },
    )
  }
}

/** Requests to a collector in any process: both the request and the reply are rows. */
function collectorRoutes(app: App, needs: ServerNeeds): void {
  app.post(
    '/api/v1/targets/:name/test',
    {
      config: {
        access: 'operator',
        space: 'own',
        audit: 'target.test',
        errors: ['TARGET_NOT_FOUND', 'COLLECTOR_ABSENT'],
      },
      schema: {
        tags,
        summary: 'Test the target now: what can be reached, and which rights are missing',
        params,
        response: { 200: TestTargetReply },
      },
    },
    async (request) => {
      const store = spaceOf(request, needs)
      const { name } = request.params
      const askedAtMs = await store.targets.askTest(name)
      if (askedAtMs === null) throw new AppError('TARGET_NOT_FOUND')
      const endMs = performance.now() + TEST_MS_MAX
      while (performance.now() < endMs && !request.socket.destroyed) {
        const result = await store.targets.findTest(name, askedAtMs)
        if (result !== null) return result
        await delay(TEST_POLL_MS)
      }
      throw new AppError('COLLECTOR_ABSENT')
    },
  )
  app.post(
    '/api/v1/targets/reload',
    {
      config: { access: 'server-admin', audit: 'targets.reload' },
      schema: {
        tags,
        summary: 'Have collectors read the targets file now; GET /api/v1/targets lists its faults',
        response: { 202: Type.Object({ status: Type.Literal('asked') }) },
      },
    },
    async (_request, reply) => {
      await needs.store.targets.askReload()
      return reply.code(202).send({ status: 'asked' })
    },
  )
}

import { Type } from 'typebox'
import {
  AlertmanagerBody,
  AppError,
  DEFAULT_SPACE,
  ListSchedulesQuery,
  ListSchedulesReply,
  ResourceName,
  ScheduleSummary,
  TriggerReply,
} from '../../api/index.ts'
import { COST_WINDOW_MS, fireAlerts } from '../../collect/index.ts'
import { callerOf } from '../accounts/caller.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { presentSchedule } from './present-target.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const ALERTS_BYTES_MAX = 1024 * 1024
const ALERTS_PER_MINUTE_MAX = 120

/** The routes of schedules. */
export function scheduleRoutes(app: App, needs: ServerNeeds): void {
  const tags = ['schedules']
  const params = Type.Object({ name: ResourceName })
  app.get(
    '/api/v1/schedules',
    {
      config: { access: 'viewer', space: 'own' },
      schema: {
        tags,
        summary: 'Schedules by name: next and last run, skipped slots by reason',
        querystring: ListSchedulesQuery,
        response: { 200: ListSchedulesReply },
      },
    },
    async (request) => {
      const { schedules } = spaceOf(request, needs)
      const { limit = 100, cursor = null, ...filter } = request.query
      const page = await schedules.list(filter, { limit, cursor })
      return { items: page.items.map(presentSchedule), nextCursor: page.nextCursor }
    },
  )
  for (const [verb, isPaused, summary] of [
    ['pause', true, 'Stop a schedule'],
    ['resume', false, 'Resume a schedule; missed slots are not caught up'],
  ] as const) {
    app.post(
      `/api/v1/schedules/:name/${verb}`,
      {
        config: {
          access: 'operator',
          space: 'own',
          audit: `schedule.${verb}`,
          errors: ['SCHEDULE_NOT_FOUND'],
        },
        schema: { tags, summary, params, response: { 200: ScheduleSummary } },
      },
      async (request) => {
        const { name } = request.params
        const { schedules } = spaceOf(request, needs)
        await schedules.setPaused(name, isPaused)
        const schedule = await schedules.find(name)
        if (schedule === null) throw new AppError('SCHEDULE_NOT_FOUND')
        return presentSchedule(schedule)
      },
    )
  }
  triggerRoutes(app, needs)
}

/** Alertmanager retries after 5xx and never after 4xx. */
function triggerRoutes(app: App, { store, collectOptions }: ServerNeeds): void {
  const { alertCapturesMax: capturesMax, cpuShareMax: share } = collectOptions
  app.post(
    '/api/v1/triggers/alertmanager',
    {
      bodyLimit: ALERTS_BYTES_MAX,
      config: {
        access: 'trigger',
        space: 'own',
        audit: 'alert.receive',
        rateLimit: { max: ALERTS_PER_MINUTE_MAX, timeWindow: 60_000 },
      },
      schema: {
        tags: ['triggers'],
        summary:
          'Receives alerts of Alertmanager (webhook_config) and starts the captures of triggers',
        body: AlertmanagerBody,
        response: { 202: TriggerReply },
      },
    },
    async (request, reply) => {
      if (callerOf(request).space !== DEFAULT_SPACE) {
        throw new AppError('FORBIDDEN', {
          message: 'Triggers are in the targets file, and so of the default space.',
        })
      }
      const rules = { capturesMax, cost: { share, windowMs: COST_WINDOW_MS } }
      return reply.code(202).send(await fireAlerts(store, request.body, rules))
    },
  )
}

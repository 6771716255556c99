import { Type } from 'typebox'
import { AppError, ListRulesReply, RuleReply } from '../../api/index.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const tags = ['rules']

/** The rules for judging profiles, including custom ones. */
export function rulesRoutes(app: App, { rules }: Pick<ServerNeeds, 'rules'>): void {
  app.get(
    '/api/v1/rules',
    {
      config: { access: 'viewer', space: 'none' },
      schema: {
        tags,
        summary: 'The rules for judging profiles, by id',
        response: { 200: ListRulesReply },
      },
    },
    async () => ({
      items: (await rules.list()).map(({ id, title, components, reads, worstLevel, isOwn }) => {
        return { id, title, components, reads, worstLevel, isOwn }
      }),
      nextCursor: null,
    }),
  )
  app.get(
    '/api/v1/rules/:id',
    {
      config: { access: 'viewer', space: 'none', errors: ['RULE_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'What a rule means, how to confirm it and what to change',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        response: { 200: RuleReply },
      },
    },
    async (request) => {
      const rule = (await rules.list()).find(({ id }) => id === request.params.id)
      if (rule === undefined) throw new AppError('RULE_NOT_FOUND')
      return rule
    },
  )
}

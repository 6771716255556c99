import {
  AppError,
  estimateBytes,
  PROFILE_KINDS,
  type ProfileType,
  type SizeInForm,
  StorageEstimateQuery,
  StorageEstimateReply,
  StorageReply,
} from '../../api/index.ts'
import { sizeRates, type StoredSize } from '../../store/index.ts'
import type { App } from '../http/app.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const DAY_SECONDS = 24 * 3600
const FORMS = ['files', 'full', 'hour', 'day'] as const
const tags = ['storage']

/** What profiles take, and what a schedule would add. Sizes are those of every space. */
export function storageRoutes(app: App, { store }: ServerNeeds): void {
  app.get(
    '/api/v1/history/stats',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: 'What stored profiles take, by type and form, and what a day adds',
        response: { 200: StorageReply },
      },
    },
    async () => ({
      items: (await store.history.sizes()).map(withRates),
      nextCursor: null,
    }),
  )
  app.get(
    '/api/v1/history/estimate',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: 'What a schedule would add in a day, by the sizes of the profiles that are stored',
        querystring: StorageEstimateQuery,
        response: { 200: StorageEstimateReply },
      },
    },
    async ({ query: { types, every, processes } }) => {
      const capturesPerDay = (DAY_SECONDS / every) * (processes ?? 1)
      const asked = types.split(',').map(profileTypeOf)
      const sizes = (await store.history.sizes()).map(withRates)
      return {
        profilesPerDay: capturesPerDay * asked.length,
        bytesPerDay: Math.round(capturesPerDay * estimateBytes(asked, sizes)),
        items: FORMS.map((form) => {
          const each = asked.map((type) => bytesPerProfile(sizes, type, form))
          const bytes = each.includes(null)
            ? null
            : each.reduce<number>((sum, one) => sum + (one ?? 0), 0)
          return { form, bytesPerDay: bytes === null ? null : Math.round(bytes * capturesPerDay) }
        }),
      }
    },
  )
}

/** In whole bytes. */
function withRates({ recentCount, ...size }: StoredSize) {
  const { bytesPerProfile, bytesPerDay } = sizeRates({ ...size, recentCount })
  return {
    ...size,
    bytesPerProfile: Math.round(bytesPerProfile),
    bytesPerDay: Math.round(bytesPerDay),
  }
}

/** Null while no profile of the type is stored so. */
function bytesPerProfile(
  sizes: readonly (Pick<StoredSize, 'type' | 'form'> & SizeInForm)[],
  type: ProfileType,
  form: StoredSize['form'],
): number | null {
  const found = sizes.find((size) => size.type === type && size.form === form)
  return found?.bytesPerProfile ?? null
}

function profileTypeOf(text: string): ProfileType {
  const type = PROFILE_KINDS.find((kind) => kind === text.trim())
  if (type !== undefined) return type
  throw new AppError('REQUEST_INVALID', {
    message: `\`types\` has ${text}; types of profiles are ${PROFILE_KINDS.join(', ')}.`,
    details: { name: 'types' },
  })
}

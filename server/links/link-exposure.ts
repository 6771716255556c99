import { Value } from 'typebox/value'
import {
  AppError,
  type LinkExposure,
  type ProfileSummary,
  showsReport,
  TagsQuery,
  type ViewRedaction,
  WHOLE_EXPOSURE,
} from '../../api/index.ts'
import type { StoredLink } from '../../store/index.ts'

/** In place of an id that the link does not show. */
const NO_ID = '0'.repeat(26)
const HIDDEN_VALUE = '(hidden)'

/** What the link removes from the profile; `null` for nothing. */
export function redactionOf({ exposure, view }: StoredLink): ViewRedaction | null {
  const { scope, labels } = exposure
  if (scope === 'profile' && labels === 'shown') return null
  return { labels, only: scope === 'view' ? filtersOf(view) : null }
}

/** The filters of a view, of its query string. Throws REQUEST_INVALID. */
export function filtersOf(view: string): TagsQuery {
  const known = Object.keys(TagsQuery.properties)
  const filters = Object.fromEntries(
    [...new URLSearchParams(view)].filter(([name]) => known.includes(name)),
  )
  if (Value.Check(TagsQuery, filters)) return filters
  throw new AppError('REQUEST_INVALID', { message: 'The view of the link is not valid.' })
}

/** The view for the page. Of a link to one view the sample type is the only one, and the filters are applied. */
export function shownView({ exposure, view }: StoredLink): string {
  if (exposure.scope === 'profile') return view
  const known = Object.keys(TagsQuery.properties)
  return new URLSearchParams(
    [...new URLSearchParams(view)].filter(([name]) => !known.includes(name)),
  ).toString()
}

/** The metadata of the profile that the link shows. */
export function exposedProfile(profile: ProfileSummary, link: StoredLink): ProfileSummary {
  const { scope, labels, source } = link.exposure
  const isWhole = showsReport(link.exposure)
  return {
    ...profile,
    ...(source ? {} : NO_SOURCE),
    labels: source ? exposedLabels(profile.labels, labels) : [],
    ...(scope === 'view' ? ofOneType(profile, filtersOf(link.view).si ?? '') : {}),
    ...(isWhole ? {} : { warnings: [], worstFinding: null, findingCount: 0 }),
  }
}

const NO_SOURCE = {
  id: NO_ID,
  captureId: null,
  target: null,
  instance: null,
  cluster: null,
  fileName: null,
  sha256: '',
} as const

function exposedLabels(all: ProfileSummary['labels'], labels: LinkExposure['labels']) {
  if (labels === 'hidden') return []
  return labels === 'shown' ? all : all.map(({ name }) => ({ name, value: HIDDEN_VALUE }))
}

function ofOneType(profile: ProfileSummary, sampleIndex: string) {
  const { sampleTypes, defaultSampleType } = profile
  const wanted = sampleIndex === '' ? defaultSampleType : sampleIndex
  const chosen =
    sampleTypes.find(({ type }) => type === wanted || type === `inuse_${wanted}`) ??
    sampleTypes[Number(wanted)]
  return {
    sampleTypes: chosen === undefined ? [] : [chosen],
    defaultSampleType: chosen?.type ?? null,
    sampleCount: null,
  }
}

/** What the holder of a link sees, in sentences for its maker. */
export function describeExposure(exposure: LinkExposure = WHOLE_EXPOSURE): readonly string[] {
  const { scope, labels, source } = exposure
  return [
    scope === 'profile'
      ? 'Every function, stack and sample type of the profile, in every view.'
      : 'The functions and stacks that the view shows, of one sample type, with its total.',
    LABEL_SENTENCES[labels],
    source
      ? 'Target, instance, cluster, file name, id and checksum of the profile.'
      : 'Not where the profile comes from.',
    'Component, type, versions and times of the profile.',
    showsReport(exposure)
      ? 'The findings with their evidence.'
      : 'Not the findings, whose texts could name what is hidden.',
    'Not the raw file.',
  ]
}

const LABEL_SENTENCES = {
  shown: 'All labels of the profile and of its samples.',
  names: 'The names of labels, without their values.',
  hidden: 'No labels.',
} as const

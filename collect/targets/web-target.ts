import { isIP } from 'node:net'
import { AppError, type CreateTargetBody } from '../../api/index.ts'
import type { TargetDefinition, TargetSpec, TargetStore } from '../../store/index.ts'
import { addressRules } from '../reach/net/address-rules.ts'
import { NO_CREDENTIALS_SPEC } from '../reach/target-spec.ts'
import { describeFind } from './describe-find.ts'

/**
 * The row of a target that a user makes in the web app: one address, without credentials, which may not be where only
 * operators may send requests. Throws TARGET_INVALID and TARGET_ADDRESS_DENIED; names are resolved when dialled.
 */
export async function webTarget(
  { name, url: text, kind = 'go', cluster, schedules = [] }: CreateTargetBody,
  targets: Pick<TargetStore, 'fileState'>,
): Promise<TargetDefinition> {
  const url = checkedUrl(text)
  const file = await targets.fileState()
  if (cluster !== undefined && file?.clusters.includes(cluster) !== true) {
    throw new AppError('TARGET_INVALID', {
      message: `There is no cluster "${cluster}" in the targets file.`,
      details: { in: 'body field', name: 'cluster' },
    })
  }
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const refusal =
    isIP(address) === 0 ? null : addressRules(file?.allow ?? []).refusalOf(address, 'user')
  if (refusal !== null) {
    throw new AppError('TARGET_ADDRESS_DENIED', {
      message: `${refusal}: network.allow of the targets file does not allow it.`,
    })
  }
  const find = { kind: 'url', url: url.href } as const
  const spec: TargetSpec = {
    name,
    find,
    cluster: cluster ?? null,
    component: kind === 'go' ? null : kind,
    credentials: NO_CREDENTIALS_SPEC,
    namedBy: 'user',
    processesMax: 1,
  }
  return {
    name,
    kind,
    cluster: cluster ?? null,
    url: url.href,
    description: describeFind(find, cluster ?? null),
    spec,
    group: `target ${name}`,
    groupMax: 1,
    schedules,
  }
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.hostname === '') {
    throw new AppError('TARGET_INVALID', { message: 'The URL is not valid.' })
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('TARGET_INVALID', {
      message: 'Credentials have no place in a URL: put the target into the targets file.',
    })
  }
  return url
}

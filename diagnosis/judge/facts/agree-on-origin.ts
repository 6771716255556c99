import { inferOrigin, type ProfileOrigin } from '../../../profile/index.ts'
import { parseVersionRange } from '../../rule/version-range.ts'
import { originInMetrics } from './capture-facts.ts'
import type { MetricsPage } from './metrics.ts'
import type { DiagnosisInput } from './diagnosis-input.ts'

/**
 * What each of the profiles of a capture is of. The caller goes before the metrics, and these before what functions and
 * files imply. The profiles of one component are of one process: the most exact version that any of them shows is that of
 * all.
 */
export function agreeOnOrigins(
  inputs: readonly DiagnosisInput[],
  metrics: MetricsPage,
): readonly ProfileOrigin[] {
  const own = inputs.map((input) => originOf(input, metrics))
  return own.map((origin) => {
    const { component } = origin
    const peers = component === null ? [origin] : own.filter((each) => each.component === component)
    return {
      component,
      kubernetesVersion: mostExact(peers.map(({ kubernetesVersion }) => kubernetesVersion)),
      goVersion: mostExact(peers.map(({ goVersion }) => goVersion)),
      etcdVersion: mostExact(peers.map(({ etcdVersion }) => etcdVersion)),
    }
  })
}

function originOf(input: DiagnosisInput, metrics: MetricsPage): ProfileOrigin {
  const stated = originInMetrics(metrics, input.profile.timeNs)
  const inferred = inferOrigin(input.profile)
  return {
    component: input.component ?? inferred.component,
    kubernetesVersion:
      input.kubernetesVersion ?? stated.kubernetesVersion ?? inferred.kubernetesVersion,
    goVersion: input.goVersion ?? stated.goVersion ?? inferred.goVersion,
    etcdVersion: input.etcdVersion ?? stated.etcdVersion ?? inferred.etcdVersion,
  }
}

/** Of equals the first. */
function mostExact(versions: readonly (string | null)[]): string | null {
  const known = versions.filter((version) => version !== null)
  return known.reduce<string | null>(
    (best, version) => (best === null || widthOf(version) < widthOf(best) ? version : best),
    null,
  )
}

/** How many versions it may stand for; nothing orders what cannot be read as a range. */
function widthOf(version: string): number {
  const range = parseVersionRange(version)
  return range === null ? Infinity : range.max - range.min
}

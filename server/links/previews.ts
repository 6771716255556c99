import type { PreviewQuery } from '../../api/index.ts'
import { bytesOfProfile, type StoredLink, type StoredProfile } from '../../store/index.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { presentProfile } from '../profiles/present-profile.ts'
import { exposedProfile, redactionOf, shownView } from './link-exposure.ts'

const KEPT_MAX = 100

/** The preview pictures of links, as PNG; those asked for last are kept, because a chat asks for one several times. */
export interface Previews {
  of(link: StoredLink, profile: StoredProfile): Promise<Uint8Array>
}

export function openPreviews({ views }: Pick<ServerNeeds, 'views'>): Previews {
  const kept = new Map<string, Promise<Uint8Array>>()
  return {
    of(link, profile) {
      const key = `${link.id} ${bytesOfProfile(profile).key}`
      const known = kept.get(key)
      if (known !== undefined) return known
      const made = views.preview(profile, previewOf(link, profile), redactionOf(link))
      kept.set(key, made)
      made.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_MAX) break
        kept.delete(oldest)
      }
      return made
    },
  }
}

/** What the picture says, of what the link shows. */
function previewOf(link: StoredLink, stored: StoredProfile): PreviewQuery {
  const profile = exposedProfile(presentProfile(stored), link)
  const { component, type, kubernetesVersion, worstFinding, target, cluster } = profile
  const si = new URLSearchParams(shownView(link)).get('si')
  const facts = [
    cluster,
    target,
    component,
    type === null ? null : `${type} profile`,
    kubernetesVersion,
  ]
  return {
    level: worstFinding?.level ?? null,
    title: worstFinding?.title ?? 'A profile shared from kubeprof',
    facts: [...new Set(facts)].filter((fact) => fact !== null),
    ...(si === null ? {} : { si }),
  }
}

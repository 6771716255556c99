import type { ProfileSummary } from '../../api/index.ts'

/**
 * The metadata of a shared page for chat programs (title, worst finding, picture) and search
 * engines (noindex).
 */
export function shareHead(profile: ProfileSummary, url: string): string {
  const what = [profile.component, profile.type].filter((part) => part !== null).join(' · ')
  const title = what === '' ? 'Shared profile' : what
  const description = profile.worstFinding?.title ?? 'A profile shared from kubeprof'
  return [
    '<meta name="robots" content="noindex, nofollow">',
    meta('og:type', 'article'),
    meta('og:site_name', 'kubeprof'),
    meta('og:title', title),
    meta('og:description', description),
    meta('og:image', `${url}/preview.png`),
    meta('og:image:type', 'image/png'),
    meta('og:image:width', '1200'),
    meta('og:image:height', '630'),
    '<meta name="twitter:card" content="summary_large_image">',
  ].join('')
}

function meta(property: string, content: string): string {
  return `<meta property="${property}" content="${escapeHtml(content)}">`
}

/** Titles and components come from uploads. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

import { escapeXml } from '../../profile/index.ts'
import type { PageData } from '../standalone/page-data.ts'

interface PageCode {
  readonly script: string
  readonly style: string
  /** Allows the script and the style, and nothing else. */
  readonly policy: string
  readonly language: string
}

/** The HTML of a page that stands alone. Names come from outside: they are data in it, never markup. */
export function pageHtml(data: PageData, { script, style, policy, language }: PageCode): string {
  // No name can end the element or begin a comment.
  const json = JSON.stringify(data).replaceAll('<', String.raw`\u003c`)
  return [
    '<!doctype html>',
    `<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`,
    '<meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeXml(data.title)} · kubeprof</title>`,
    `<style>${style}</style>`,
    '<body>',
    `<script type="application/json" id="data">${json}</script>`,
    `<script>${script}</script>`,
    '</body></html>',
    '',
  ].join('\n')
}

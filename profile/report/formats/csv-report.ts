import type { Report } from '../open-report.ts'
import { buildCallTree } from '../../views/call-tree.ts'
import { topView } from '../../views/top-view.ts'
import { openExport } from './export-source.ts'

const HEADER = ['function', 'flat', 'flat share', 'cum', 'cum share', 'unit']

/**
 * `-csv`: every function with flat and cum, largest flat first, as RFC 4180 has it. Values are in the profile's unit,
 * shares 0 to 1 of the total.
 */
export function csvReport(report: Report): string {
  const { names, nodeOfFrame, values } = openExport(report)
  const frameNames = { names, frameName: nodeOfFrame }
  const tree = buildCallTree({ profile: report.profile, values, frameNames })
  const { rows } = topView(tree, {
    sort: 'flat',
    rowsMax: Infinity,
    rowsSkipped: 0,
    totalValue: Number(report.total) / report.settings.divideBy,
  })
  const lines = rows.map(({ name, flat, cum, flatShare, cumShare }) =>
    [textCell(name), flat, flatShare, cum, cumShare, textCell(report.sampleType.unit)].join(','),
  )
  return `${[HEADER.join(','), ...lines].join('\r\n')}\r\n`
}

/**
 * A cell that a spreadsheet takes for text: what it would take for a formula gets an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function textCell(text: string): string {
  const plain = /^\s*[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

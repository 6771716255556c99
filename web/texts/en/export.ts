/** The texts of exports, and of pages that stand alone. */
export const enExport = {
  download: 'Export',
  exportShown: 'What is shown',
  exportFiltered: 'What the filters leave',
  exportFiles: 'As it is stored',
  exportSvg: 'Picture (SVG)',
  exportPng: 'Picture (PNG)',
  exportPage: 'Page that works offline (HTML)',
  exportMarkdown: 'Copy as Markdown',
  exportFormats: {
    pprof: 'pprof',
    folded: 'Folded stacks',
    speedscope: 'speedscope',
    csv: 'CSV table',
    json: 'JSON',
  },
  exportRunning: 'Preparing the export …',
  exportFailed: 'The export failed.',
  downloadRaw: 'The original',
  fileFaults: {
    missing:
      'The uploaded file is gone from the storage of the server. What was read from it before is still shown.',
    corrupt:
      'The uploaded file is damaged in the storage of the server. What was read from it before is still shown.',
  },
  uploadIgnored: (fields: string) => `Not read of capture.json: ${fields}`,
  uploadSkipped: (names: string) => `Left out, because these entries are no files: ${names}`,
  exportMadeAt: (time: string) => `Made by kubeprof at ${time} from`,
  exportChain: 'Leave out the filter chain',
  exportPicture: 'Profile',
  exportHint: 'A click zooms, Esc zooms out, / searches, Enter goes to the next match.',
  exportUnreadable: 'This picture cannot be drawn.',
} as const

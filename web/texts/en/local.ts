/** The texts of the pages that need no server. */
export const enLocal = {
  localBadge: 'Local: nothing is sent',
  localTitle: 'Open in this browser',
  localLead:
    'Files are read, judged and shown in this browser. Nothing is sent to the server, nothing is stored, and what is open here ends with the page.',
  localLoading: 'Loading the parts that work without the server …',
  localReady: 'Everything is loaded: from now on this page makes no requests, and works offline.',
  localNotReady: 'Not all parts could be loaded',
  localForms:
    'pprof (gzip, zstd or plain), Go text dumps, folded stacks, speedscope. The files of one process (a folder, .tar.gz, .tar.zst or .zip, with its metrics, logs and execution trace) are judged together.',
  localFiles: (count: number) => (count === 1 ? '1 file' : `${count} files`),
  localOpened: 'Opened files',
  localChooseTwo: 'Choose two to compare them.',
  localUnlike: 'A capture is compared with a capture, and a profile with a profile.',
  localOther: 'Other files',
  localLeave: 'Back to the server’s pages',
  localGoneTitle: 'This file is no longer open',
  localGoneLead:
    'Files that are opened in the browser are gone when the page is closed or reloaded.',
  localOffer: 'Open without sending',
  localOfferHint: 'read and judged in this browser',
}

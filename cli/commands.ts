import type { RunCommand } from './terminal/command-io.ts'

export interface Command {
  readonly summary: string
  /** Loads only what this command needs: `pprof` must start in a few milliseconds. */
  readonly load: () => Promise<RunCommand>
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    summary: 'Serve the web app and the API, and analyse what is uploaded',
    load: async () => (await import('./service/commands/serve-command.ts')).runServe,
  },
  work: {
    summary: 'Analyse uploads beside a server, over the same data directory',
    load: async () => (await import('./service/commands/work-command.ts')).runWork,
  },
  collect: {
    summary: 'Take captures on schedule, on demand and on alert; check a targets file',
    load: async () => (await import('./service/commands/collect-command.ts')).runCollect,
  },
  pprof: {
    summary: "Print a profile as pprof does, with pprof's own flags",
    load: async () => (await import('./pprof/pprof-command.ts')).runPprof,
  },
  diagnose: {
    summary: 'Report what is wrong in profiles or capture folders',
    load: async () => (await import('./diagnose/diagnose-command.ts')).runDiagnose,
  },
  capture: {
    summary: 'Take a capture of a running process with your own rights, and diagnose it',
    load: async () => (await import('./capture/capture-command.ts')).runCapture,
  },
  trace: {
    summary: 'Summarize an execution trace: states, waits, garbage collections',
    load: async () => (await import('./trace/trace-command.ts')).runTrace,
  },
  diff: {
    summary: 'Print what grew, shrank, is new or gone between two profiles',
    load: async () => (await import('./diff/diff-command.ts')).runDiff,
  },
  query: {
    summary: "Print a range of a server's history as one profile",
    load: async () => (await import('./query/query-command.ts')).runQuery,
  },
  rules: {
    summary: 'List, show and check diagnosis rules',
    load: async () => (await import('./rules/rules-command.ts')).runRules,
  },
  push: {
    summary: 'Upload profiles and captures to a server',
    load: async () => (await import('./push/push-command.ts')).runPush,
  },
  key: {
    summary: 'Rotate the key that seals stored secrets',
    load: async () => (await import('./service/commands/key-command.ts')).runKey,
  },
  token: {
    summary: 'Make, list and revoke tokens of a data directory',
    load: async () => (await import('./service/commands/token-command.ts')).runToken,
  },
  verify: {
    summary: 'Compare stored files with the database, and repair what can be',
    load: async () => (await import('./store/verify-command.ts')).runVerify,
  },
  backup: {
    summary: 'Copy all data into a folder, while servers go on',
    load: async () => (await import('./store/backup-command.ts')).runBackup,
  },
  restore: {
    summary: 'Take a backup back into an empty store',
    load: async () => (await import('./store/restore-command.ts')).runRestore,
  },
  history: {
    summary: 'Print what profiles take, or pack history anew from the stored files',
    load: async () => (await import('./store/history-command.ts')).runHistory,
  },
  migrate: {
    summary: 'Bring the database up to date, or copy all data into another store',
    load: async () => (await import('./store/migrate-command.ts')).runMigrate,
  },
}

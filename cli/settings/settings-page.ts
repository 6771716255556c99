import { settingEntries, type SettingEntry } from './settings.ts'

/** `docs/config.md`, generated from the schemas of the settings. */
export function settingsPage(): string {
  const sections = Map.groupBy(settingEntries(), ({ section }) => section)
  return [
    '# Settings',
    '',
    'Made from the `options.ts` of each folder by `npm run docs:config`; edit those.',
    '',
    'A setting comes from its default, over it from the file that `--config` names (YAML, one section each), over it',
    'from the environment. Every variable may also be given as `..._FILE`, which names a file that holds the value.',
    'An unknown key or a value out of bounds stops the start with one sentence. Variables of no section are left alone:',
    'Kubernetes sets `KUBEPROF_PORT` and others for a Service of that name.',
    '',
    ...[...sections].flatMap(([section, entries]) => [
      `## ${section}`,
      '',
      '| setting | variable | default | values | |',
      '|---|---|---|---|---|',
      ...entries.map(row),
      '',
    ]),
  ].join('\n')
}

function row({ section, key, schema, envName }: SettingEntry): string {
  const defaultValue = 'default' in schema ? `\`${JSON.stringify(schema['default'])}\`` : ''
  const description = 'description' in schema ? String(schema['description']) : ''
  return `| \`${section}.${key}\` | \`${envName}\` | ${defaultValue} | ${bounds(schema)} | ${description} |`
}

function bounds(schema: object): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.join(', ')
  const type = 'type' in schema ? String(schema.type) : 'text'
  if (!('minimum' in schema)) return type
  return 'maximum' in schema
    ? `${type}, ${String(schema.minimum)} to ${String(schema.maximum)}`
    : `${type}, at least ${String(schema.minimum)}`
}

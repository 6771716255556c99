import { CHOICES, choicesOf, OPTION_NAMES } from './shell-options.ts'

interface ShellCommandHelp {
  /** Whether a pattern must follow. */
  readonly hasPattern: boolean
  readonly summary: string
  /** How it is used, a line each. */
  readonly usage: readonly string[]
}

const COMMON_USAGE = [
  'Include up to n samples',
  'Include samples matching focus_regex, and exclude ignore_regex.',
]

/** pprof's commands: https://github.com/google/pprof/blob/main/internal/driver/commands.go */
export const SHELL_COMMANDS: Readonly<Record<string, ShellCommandHelp>> = {
  callgrind: graph('callgrind', 'Outputs a graph in callgrind format'),
  comments: text('Output all profile comments'),
  csv: text('Outputs every function with its values as comma-separated values'),
  disasm: listing('disasm', 'Output assembly listings annotated with samples'),
  dot: graph('dot', 'Outputs a graph in DOT format'),
  eog: viewer('eog', 'Visualize graph through eog'),
  evince: viewer('evince', 'Visualize graph through evince'),
  folded: text('Outputs each stack in a line, as flame graph scripts read them'),
  gif: graph('gif', 'Outputs a graph image in GIF format'),
  gv: viewer('gv', 'Visualize graph through gv'),
  json: text('Outputs the samples with their stacks and labels as JSON'),
  kcachegrind: viewer('kcachegrind', 'Visualize report in KCachegrind'),
  list: listing('list', 'Output annotated source for functions matching regexp'),
  pdf: graph('pdf', 'Outputs a graph in PDF format'),
  peek: {
    hasPattern: true,
    summary: 'Output callers/callees of functions matching regexp',
    usage: ['peek func_regex', 'Display callers and callees of functions matching func_regex.'],
  },
  png: graph('png', 'Outputs a graph image in PNG format'),
  proto: text('Outputs the profile in compressed protobuf format'),
  ps: graph('ps', 'Outputs a graph in PS format'),
  raw: text('Outputs a text representation of the raw profile'),
  speedscope: text('Outputs the stacks as a file for speedscope'),
  svg: graph('svg', 'Outputs a graph in SVG format'),
  tags: {
    hasPattern: false,
    summary: 'Outputs all tags in the profile',
    usage: [
      'tags [tag_regex]* [-ignore_regex]* [>file]',
      'List tags with key:value matching tag_regex and exclude ignore_regex.',
    ],
  },
  text: table('text', 'Outputs top entries in text form'),
  top: table('top', 'Outputs top entries in text form'),
  topproto: text('Outputs top entries in compressed protobuf format'),
  traces: text('Outputs all profile samples in text form'),
  tree: table('tree', 'Outputs a text rendering of call graph'),
  web: viewer('web', 'Visualize graph through web browser'),
  weblist: listing('weblist', 'Display annotated source in a web browser'),
}

function text(summary: string): ShellCommandHelp {
  return { hasPattern: false, summary, usage: [] }
}

function table(name: string, summary: string): ShellCommandHelp {
  const usage = [
    `${name} [n] [focus_regex]* [-ignore_regex]* [-cum] >f`,
    ...COMMON_USAGE,
    '-cum sorts the output by cumulative weight',
    'Optionally save the report on the file f',
  ]
  return { ...text(summary), usage }
}

function graph(name: string, summary: string): ShellCommandHelp {
  const usage = [
    `${name} [n] [focus_regex]* [-ignore_regex]* >f`,
    ...COMMON_USAGE,
    'Optionally save the report on the file f',
  ]
  return { ...text(summary), usage }
}

function viewer(name: string, summary: string): ShellCommandHelp {
  return {
    ...text(summary),
    usage: [`${name} [n] [focus_regex]* [-ignore_regex]*`, ...COMMON_USAGE],
  }
}

function listing(name: string, summary: string): ShellCommandHelp {
  return {
    hasPattern: true,
    summary,
    usage: [
      `${name}<func_regex|address> [-focus_regex]* [-ignore_regex]*`,
      'Include functions matching func_regex, or including the address specified.',
      'Include samples matching focus_regex, and exclude ignore_regex.',
    ],
  }
}

/** The command of this name; null for an unknown name. */
export function shellCommand(name: string): ShellCommandHelp | null {
  return Object.hasOwn(SHELL_COMMANDS, name) ? (SHELL_COMMANDS[name] ?? null) : null
}

function optionHelp(name: string): readonly string[] {
  return Object.hasOwn(OPTION_HELP, name) ? (OPTION_HELP[name] ?? []) : []
}

/** The output of `help`: the overview, or the help for a word; null for an unknown word. */
export function shellHelp(word: string, typeNames: readonly string[]): string | null {
  if (word === '') return overview()
  const command = shellCommand(word)
  if (command !== null) {
    const { summary, usage } = command
    const lines = usage.length === 0 ? [] : ['  Usage:', ...usage.map((line) => `    ${line}`)]
    return `${[summary, ...lines].join('\n')}\n\n`
  }
  const lines = [...optionHelp(word)]
  if (lines.length === 0) return null
  if (word === 'sample_index') {
    lines.push(`Or use sample_index=name, with name in [${typeNames.join(' ')}].`)
  }
  return `${lines.join('\n')}\n\n`
}

function summaryOf(option: string): string {
  return optionHelp(option)[0] ?? ''
}

function overview(): string {
  const commands = Object.entries(SHELL_COMMANDS).map(([name, { summary }]) => row(name, summary))
  const names = OPTION_NAMES.filter((name) => !Object.hasOwn(CHOICES, name))
  const groups = Object.keys(CHOICES)
    .sort()
    .map((name) =>
      [
        row(name, ''),
        ...choicesOf(name).map((choice) => `  ${row(choice, summaryOf(choice))}`),
      ].join('\n'),
    )
  return [
    '  Commands:',
    ...commands.sort(),
    row('o/options', 'List options and their current values'),
    row('q/quit/exit/^D', 'Exit pprof'),
    '',
    '  Options:',
    ...names.map((name) => row(name, summaryOf(name))).sort(),
    '',
    '  Option groups (only set one per group):',
    ...groups,
    '  :   Clear focus/ignore/hide/tagfocus/tagignore',
    '',
    '  type "help <cmd|option>" for more information',
    '',
  ].join('\n')
}

function row(name: string, summary: string): string {
  return `    ${name.padEnd(16)} ${summary}`
}

/** A line for each option and for each value of a choice. */
const OPTION_HELP: Readonly<Record<string, readonly string[]>> = {
  output: ['Output filename for file-based outputs'],
  drop_negative: ['Ignore negative differences', 'Do not show any locations with values <0.'],
  call_tree: [
    'Create a context-sensitive call tree',
    'Treat locations reached through different paths as separate.',
  ],
  relative_percentages: [
    'Show percentages relative to focused subgraph',
    'If unset, percentages are relative to full graph before focusing',
    'to facilitate comparison with original graph.',
  ],
  unit: [
    'Measurement units to display',
    'Scale the sample values to this unit.',
    'For time-based profiles, use seconds, milliseconds, nanoseconds, etc.',
    'For memory profiles, use megabytes, kilobytes, bytes, etc.',
    'Using auto will scale each value independently to the most natural unit.',
  ],
  compact_labels: ['Show minimal headers'],
  source_path: ['Search path for source files'],
  trim_path: ['Path to trim from source paths before search'],
  intel_syntax: [
    'Show assembly in Intel syntax',
    'Only applicable to commands `disasm` and `weblist`',
  ],
  nodecount: [
    'Max number of nodes to show',
    'Uses heuristics to limit the number of locations to be displayed.',
    'On graphs, dotted edges represent paths through nodes that have been removed.',
  ],
  nodefraction: ['Hide nodes below <f>*total'],
  edgefraction: ['Hide edges below <f>*total'],
  trim: [
    'Honor nodefraction/edgefraction/nodecount defaults',
    'Set to false to get the full profile, without any trimming.',
  ],
  focus: [
    'Restricts to samples going through a node matching regexp',
    'Discard samples that do not include a node matching this regexp.',
    'Matching includes the function name, filename or object name.',
  ],
  ignore: [
    'Skips paths going through any nodes matching regexp',
    'If set, discard samples that include a node matching this regexp.',
    'Matching includes the function name, filename or object name.',
  ],
  prune_from: [
    'Drops any functions below the matched frame.',
    'If set, any frames matching the specified regexp and any frames',
    'below it will be dropped from each sample.',
  ],
  hide: [
    'Skips nodes matching regexp',
    'Discard nodes that match this location.',
    'Other nodes from samples that include this location will be shown.',
    'Matching includes the function name, filename or object name.',
  ],
  show: [
    'Only show nodes matching regexp',
    'If set, only show nodes that match this location.',
    'Matching includes the function name, filename or object name.',
  ],
  show_from: [
    'Drops functions above the highest matched frame.',
    'If set, all frames above the highest match are dropped from every sample.',
    'Matching includes the function name, filename or object name.',
  ],
  tagroot: [
    'Adds pseudo stack frames for labels key/value pairs at the callstack root.',
    'A comma-separated list of label keys.',
    'The first key creates frames at the new root.',
  ],
  tagleaf: [
    'Adds pseudo stack frames for labels key/value pairs at the callstack leaf.',
    'A comma-separated list of label keys.',
    'The last key creates frames at the new leaf.',
  ],
  tagfocus: [
    'Restricts to samples with tags in range or matched by regexp',
    'Use name=value syntax to limit the matching to a specific tag.',
    'Numeric tag filter examples: 1kb, 1kb:10kb, memory=32mb:',
    'String tag filter examples: foo, foo.*bar, mytag=foo.*bar',
  ],
  tagignore: [
    'Discard samples with tags in range or matched by regexp',
    'Use name=value syntax to limit the matching to a specific tag.',
    'Numeric tag filter examples: 1kb, 1kb:10kb, memory=32mb:',
    'String tag filter examples: foo, foo.*bar, mytag=foo.*bar',
  ],
  tagshow: [
    'Only consider tags matching this regexp',
    'Discard tags that do not match this regexp',
  ],
  taghide: ['Skip tags matching this regexp', 'Discard tags that match this regexp'],
  divide_by: [
    'Ratio to divide all samples before visualization',
    'Divide all samples values by a constant, eg the number of processors or jobs.',
  ],
  mean: [
    'Average sample value over first value (count)',
    'For memory profiles, report average memory per allocation.',
    'For time-based profiles, report average time per event.',
  ],
  sample_index: [
    'Sample value to report (0-based index or name)',
    'Profiles contain multiple values per sample.',
    'Use sample_index=i to select the ith value (starting at 0).',
  ],
  normalize: ['Scales profile based on the base profile.'],
  flat: ['Sort entries based on own weight'],
  cum: ['Sort entries based on cumulative weight'],
  functions: [
    'Aggregate at the function level.',
    'Ignores the filename where the function was defined.',
  ],
  filefunctions: [
    'Aggregate at the function level.',
    'Takes into account the filename where the function was defined.',
  ],
  files: ['Aggregate at the file level.'],
  lines: ['Aggregate at the source code line level.'],
  addresses: ['Aggregate at the address level.', "Includes functions' addresses in the output."],
  noinlines: ['Ignore inlines.', 'Attributes inlined functions to their first out-of-line caller.'],
  showcolumns: ['Show column numbers at the source code line level.'],
}

/** Events of a trace by number: https://go.dev/src/internal/trace/tracev2/events.go */
export const EVENT = {
  batch: 1,
  stacks: 2,
  stack: 3,
  strings: 4,
  string: 5,
  cpuSamples: 6,
  frequency: 8,
  procsChange: 9,
  procStart: 10,
  procStop: 11,
  procStatus: 13,
  goCreate: 14,
  goCreateSyscall: 15,
  goStart: 16,
  goDestroy: 17,
  goDestroySyscall: 18,
  goStop: 19,
  goBlock: 20,
  goUnblock: 21,
  goSyscallBegin: 22,
  goSyscallEnd: 23,
  goSyscallEndBlocked: 24,
  goStatus: 25,
  stwBegin: 26,
  stwEnd: 27,
  gcActive: 28,
  gcBegin: 29,
  gcEnd: 30,
  assistActive: 34,
  assistBegin: 35,
  assistEnd: 36,
  heapAlloc: 37,
  goSwitch: 45,
  goSwitchDestroy: 46,
  goCreateBlocked: 47,
  goStatusStack: 48,
  experimentalBatch: 49,
  sync: 50,
  endOfGeneration: 52,
} as const

/** How many numbers follow the type of each event that has a time, which is the first of them; 0 for all others. */
const COUNTS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0, 0,
  // From procsChange on.
  3, 3, 1, 4, 3, 4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4,
  // From stwBegin on.
  3, 1, 2, 3, 2, 2, 2, 3, 2, 2, 1, 2, 2,
  // The label of a goroutine, tasks and regions, from goSwitch on, and clocks.
  2, 5, 3, 4, 4, 5, 3, 3, 4, 5, 0, 0, 4, 0,
]
const FIRST_EXPERIMENTAL = 128
const EXPERIMENTAL_COUNTS: readonly number[] = [4, 4, 2, 3, 3, 2, 3, 3, 2]
export const ARGUMENTS_MAX = 5

/** How many numbers follow an event of this type in a batch; 0 where it has no place there. */
export function argumentCount(type: number): number {
  const counts =
    type < FIRST_EXPERIMENTAL ? COUNTS[type] : EXPERIMENTAL_COUNTS[type - FIRST_EXPERIMENTAL]
  return counts ?? 0
}

/** States of a goroutine in a status event. */
export const STATUS = { runnable: 1, running: 2, syscall: 3, waiting: 4 } as const

/** States of a processor in a status event. */
export const PROC_STATUS = { running: 1, idle: 2, syscall: 3 } as const

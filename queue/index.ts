export * from './in-process-queue.ts'
export * from './open.ts'
export * from './options.ts'
export * from './queue.ts'

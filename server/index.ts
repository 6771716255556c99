export { buildServer } from './build-server.ts'
export { isLoopback } from './host-check.ts'
export { ServerOptions } from './options.ts'
export type { ServerNeeds } from './server-needs.ts'

export * from './options.ts'
export * from './receive-profile.ts'
export * from './wait-for-analysis.ts'

export { makeProfile, type MakeProfileOptions } from './inputs/make-profile.ts'
export { MANY, manyProfiles } from './inputs/many-profiles.ts'
export { type Random, seededRandom } from './inputs/seeded-random.ts'

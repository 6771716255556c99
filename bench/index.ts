export { makeProfile, type MakeProfileOptions } from './make-profile.ts'
export { MANY, manyProfiles } from './many-profiles.ts'
export { type Random, seededRandom } from './seeded-random.ts'

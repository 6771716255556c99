export { makeProfile, type MakeProfileOptions } from './make-profile.ts'
export { MANY, manyProfiles } from './many-profiles.ts'

export { makeProfile, type MakeProfileOptions } from './make-profile.ts'

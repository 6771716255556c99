// Builds the programs of the control plane, so that no test has to wait for it.
import { buildComponents } from './build-components.ts'

console.log(`the control plane's programs are in ${await buildComponents()}`)

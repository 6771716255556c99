import { COLUMNS_VERSION } from '../profile/index.ts'
import { ruleSetVersion } from './load-rules.ts'

/** To be raised when the same bytes and the same rules come to other facts or findings. */
const ANALYSIS_VERSION = 2

/** The versions of what this program derives from a profile, with the rules of this folder and of further ones. */
export async function readAnalysisVersions(
  rulesDirectory: string,
  furtherRules: readonly string[] = [],
): Promise<{ readonly decoder: string; readonly ruleSet: string }> {
  return {
    decoder: `${COLUMNS_VERSION}.${ANALYSIS_VERSION}`,
    ruleSet: await ruleSetVersion(rulesDirectory, furtherRules),
  }
}

import type { RouterOutputs } from '../../server/api/router.ts'

/** One decision with all that hangs on it, as the API gives it. */
export type DecisionRecord = RouterOutputs['decision']['get']

import {
  backTestInput,
  publishRulesInput,
  ruleHistoryInput,
  saveDraftInput,
} from '../../governance/contract.ts'
import {
  backTest,
  checkWritten,
  getRules,
  publishRules,
  ruleHistory,
  saveDraft,
} from '../../governance/index.ts'
import { checkWrittenInput } from '../../plan/contract.ts'
import { procedure, router } from '../trpc.ts'

export const rulesRouter = router({
  get: procedure('policy.read').query(({ ctx }) => getRules({ ctx })),
  history: procedure('policy.read')
    .input(ruleHistoryInput)
    .query(({ ctx, input }) => ruleHistory({ ctx, input })),
  backTest: procedure('policy.read')
    .input(backTestInput)
    .query(({ ctx, input }) => backTest({ ctx, input })),
  checkWritten: procedure('policy.read')
    .input(checkWrittenInput)
    .query(({ ctx, input }) => checkWritten({ ctx, input })),
  saveDraft: procedure('policy.manage')
    .input(saveDraftInput)
    .mutation(({ ctx, input }) => saveDraft({ ctx, input })),
  publish: procedure('policy.manage')
    .input(publishRulesInput)
    .mutation(({ ctx, input }) => publishRules({ ctx, input })),
})

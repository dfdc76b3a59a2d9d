import { z } from 'zod'
import {
  approveInput,
  decideBatchInput,
  overrideInput,
  previewOverrideInput,
  previewRollbackInput,
  proposalQuery,
  rejectInput,
  rollbackInput,
  snoozeInput,
  undoInput,
} from '../../governance/contract.ts'
import {
  approve,
  countProposals,
  decideBatch,
  getProposal,
  heldRise,
  listProposals,
  override,
  overridePlaces,
  previewOverride,
  previewRollback,
  proposalToday,
  reject,
  rollback,
  sharedCapacity,
  snooze,
  undo,
} from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

export const proposalRouter = router({
  list: procedure('proposal.read')
    .input(proposalQuery)
    .query(({ ctx, input }) => listProposals({ ctx, input })),
  get: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => getProposal({ ctx, input })),
  count: procedure('proposal.read').query(({ ctx }) => countProposals({ ctx })),
  previewOverride: procedure('proposal.decide')
    .input(previewOverrideInput)
    .query(({ ctx, input }) => previewOverride({ ctx, input })),
  approve: procedure('proposal.decide')
    .input(approveInput)
    .mutation(({ ctx, input }) => approve({ ctx, input })),
  override: procedure('proposal.decide')
    .input(overrideInput)
    .mutation(({ ctx, input }) => override({ ctx, input })),
  reject: procedure('proposal.decide')
    .input(rejectInput)
    .mutation(({ ctx, input }) => reject({ ctx, input })),
  decideBatch: procedure('proposal.decide')
    .input(decideBatchInput)
    .mutation(({ ctx, input }) => decideBatch({ ctx, input })),
  overridePlaces: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => overridePlaces({ ctx, input })),
  today: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => proposalToday({ ctx, input })),
  heldRise: procedure('proposal.read')
    .input(z.object({ workloadId: z.uuid() }))
    .query(({ ctx, input }) => heldRise({ ctx, input })),
  sharedCapacity: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => sharedCapacity({ ctx, input })),
  undo: procedure('proposal.decide')
    .input(undoInput)
    .mutation(({ ctx, input }) => undo({ ctx, input })),
  snooze: procedure('proposal.decide')
    .input(snoozeInput)
    .mutation(({ ctx, input }) => snooze({ ctx, input })),
  previewRollback: procedure('proposal.decide')
    .input(previewRollbackInput)
    .query(({ ctx, input }) => previewRollback({ ctx, input })),
  rollback: procedure('proposal.decide')
    .input(rollbackInput)
    .mutation(({ ctx, input }) => rollback({ ctx, input })),
})

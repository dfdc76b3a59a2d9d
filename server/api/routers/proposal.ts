import { z } from 'zod'
import {
  approveInput,
  type DecisionDetail,
  type OverridePreview,
  overrideInput,
  type ProposalDetail,
  type ProposalRow,
  previewOverrideInput,
  proposalQuery,
  rejectInput,
  rollbackInput,
} from '../../governance/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const proposalRouter = router({
  list: procedure('proposal.read')
    .input(proposalQuery)
    .query(({ ctx, input }) => pending<{ rows: ProposalRow[]; nextCursor: string | null }>({ ctx, input })),
  get: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => pending<ProposalDetail>({ ctx, input })),
  count: procedure('proposal.read').query(({ ctx }) => pending<{ waiting: number }>({ ctx })),
  previewOverride: procedure('proposal.decide')
    .input(previewOverrideInput)
    .query(({ ctx, input }) => pending<OverridePreview>({ ctx, input })),
  approve: procedure('proposal.decide')
    .input(approveInput)
    .mutation(({ ctx, input }) => pending<DecisionDetail>({ ctx, input })),
  override: procedure('proposal.decide')
    .input(overrideInput)
    .mutation(({ ctx, input }) => pending<DecisionDetail>({ ctx, input })),
  reject: procedure('proposal.decide')
    .input(rejectInput)
    .mutation(({ ctx, input }) => pending<DecisionDetail>({ ctx, input })),
  rollback: procedure('proposal.decide')
    .input(rollbackInput)
    .mutation(({ ctx, input }) => pending<ProposalDetail>({ ctx, input })),
})

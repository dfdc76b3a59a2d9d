import {
  approvalHistoryInput,
  confirmAutonomyInput,
  endGlassInput,
  openGlassInput,
  previewApprovalsInput,
  publishApprovalsInput,
  reviewGlassInput,
  revokeAutonomyInput,
  saveApprovalDraftInput,
} from '../../governance/contract.ts'
import {
  approvalHistory,
  breakGlass,
  confirmAutonomy,
  endGlass,
  getApprovals,
  listAutonomy,
  listGlass,
  previewApprovals,
  publishApprovals,
  reviewGlass,
  revokeAutonomy,
  saveApprovalDraft,
} from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

export const approvalsRouter = router({
  get: procedure('policy.read').query(({ ctx }) => getApprovals({ ctx })),
  history: procedure('policy.read')
    .input(approvalHistoryInput)
    .query(({ ctx, input }) => approvalHistory({ ctx, input })),
  preview: procedure('policy.read')
    .input(previewApprovalsInput)
    .query(({ ctx, input }) => previewApprovals({ ctx, input })),
  saveDraft: procedure('policy.manage')
    .input(saveApprovalDraftInput)
    .mutation(({ ctx, input }) => saveApprovalDraft({ ctx, input })),
  publish: procedure('policy.manage')
    .input(publishApprovalsInput)
    .mutation(({ ctx, input }) => publishApprovals({ ctx, input })),
})

export const autonomyRouter = router({
  list: procedure('policy.read').query(({ ctx }) => listAutonomy({ ctx })),
  confirm: procedure('policy.manage')
    .input(confirmAutonomyInput)
    .mutation(({ ctx, input }) => confirmAutonomy({ ctx, input })),
  revoke: procedure('policy.manage')
    .input(revokeAutonomyInput)
    .mutation(({ ctx, input }) => revokeAutonomy({ ctx, input })),
})

export const breakGlassRouter = router({
  list: procedure('policy.read').query(({ ctx }) => listGlass({ ctx })),
  open: procedure('breakGlass.open')
    .input(openGlassInput)
    .mutation(({ ctx, input }) => breakGlass({ ctx, input })),
  end: procedure('breakGlass.review')
    .input(endGlassInput)
    .mutation(({ ctx, input }) => endGlass({ ctx, input })),
  review: procedure('breakGlass.review')
    .input(reviewGlassInput)
    .mutation(({ ctx, input }) => reviewGlass({ ctx, input })),
})

import { removeViewInput, saveViewInput, viewsQuery } from '../../audit/contract.ts'
import { listViews, removeView, saveView } from '../../audit/index.ts'
import { procedure, router } from '../trpc.ts'

/** Each person's own; nobody else's are seen or touched. */
export const viewRouter = router({
  list: procedure('in-person')
    .input(viewsQuery)
    .query(({ ctx, input }) => listViews({ ctx, input })),
  save: procedure('in-person')
    .input(saveViewInput)
    .mutation(({ ctx, input }) => saveView({ ctx, input })),
  remove: procedure('in-person')
    .input(removeViewInput)
    .mutation(({ ctx, input }) => removeView({ ctx, input })),
})

import { ledgerQuery, ofDecisionInput } from '../../evaluation/contract.ts'
import { getLedgerEntry, listLedger } from '../../evaluation/index.ts'
import { procedure, router } from '../trpc.ts'

/** The page marker by the name that infinite queries give it. */
const ledgerPage = ledgerQuery.omit({ beforeNumber: true }).extend({ cursor: ledgerQuery.shape.beforeNumber })

export const ledgerRouter = router({
  list: procedure('evaluation.read')
    .input(ledgerPage)
    .query(({ ctx, input: { cursor, ...query } }) =>
      listLedger({ ctx, input: { ...query, beforeNumber: cursor } }),
    ),
  get: procedure('evaluation.read')
    .input(ofDecisionInput)
    .query(({ ctx, input }) => getLedgerEntry({ ctx, input })),
})

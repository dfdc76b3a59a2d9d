import { z } from 'zod'
import {
  auditQuery,
  checkpointQuery,
  consistencyQuery,
  inclusionQuery,
  witnessInput,
} from '../../audit/contract.ts'
import {
  addWitness,
  askVerification,
  listCheckpoints,
  listEntries,
  listWitnesses,
  logStatus,
  proveConsistency,
  proveInclusion,
  removeWitness,
} from '../../audit/index.ts'
import { procedure, router } from '../trpc.ts'

/** `beforeSeq`: where the list begins; `cursor`: where a later page does. */
const entriesPage = auditQuery.extend({ cursor: auditQuery.shape.beforeSeq })

/** The export is a stream, and so has a REST address instead: /api/v1/audit/export. */
export const auditRouter = router({
  list: procedure('audit.read')
    .input(entriesPage)
    .query(({ ctx, input: { cursor, ...query } }) =>
      listEntries({ ctx, input: { ...query, beforeSeq: cursor ?? query.beforeSeq } }),
    ),
  checkpoints: procedure('audit.read')
    .input(checkpointQuery)
    .query(({ ctx, input }) => listCheckpoints({ ctx, input })),
  proveInclusion: procedure('audit.read')
    .input(inclusionQuery)
    .query(({ ctx, input }) => proveInclusion({ ctx, input: { ...input, keyFile: ctx.auditKeyFile } })),
  proveConsistency: procedure('audit.read')
    .input(consistencyQuery)
    .query(({ ctx, input }) => proveConsistency({ ctx, input: { ...input, keyFile: ctx.auditKeyFile } })),
  witnesses: procedure('audit.read').query(({ ctx }) => listWitnesses({ ctx })),
  addWitness: procedure('audit.witness')
    .input(witnessInput)
    .mutation(({ ctx, input }) => addWitness({ ctx, input })),
  removeWitness: procedure('audit.witness')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => removeWitness({ ctx, input })),
  /** Has all of the log verified now; one at a time. */
  verify: procedure('audit.verify')
    .input(z.undefined())
    .mutation(({ ctx }) => askVerification({ ctx })),
  status: procedure('audit.read').query(({ ctx }) => logStatus({ ctx })),
})

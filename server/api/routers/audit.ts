import { auditQuery, checkpointQuery, consistencyQuery, inclusionQuery } from '../../audit/contract.ts'
import {
  listCheckpoints,
  listEntries,
  logStatus,
  proveConsistency,
  proveInclusion,
} from '../../audit/index.ts'
import { procedure, router } from '../trpc.ts'

/** The export is a stream, and so has a REST address instead: /api/v1/audit/export. */
export const auditRouter = router({
  list: procedure('audit.read')
    .input(auditQuery)
    .query(({ ctx, input }) => listEntries({ ctx, input })),
  checkpoints: procedure('audit.read')
    .input(checkpointQuery)
    .query(({ ctx, input }) => listCheckpoints({ ctx, input })),
  proveInclusion: procedure('audit.read')
    .input(inclusionQuery)
    .query(({ ctx, input }) => proveInclusion({ ctx, input: { ...input, keyFile: ctx.auditKeyFile } })),
  proveConsistency: procedure('audit.read')
    .input(consistencyQuery)
    .query(({ ctx, input }) => proveConsistency({ ctx, input: { ...input, keyFile: ctx.auditKeyFile } })),
  status: procedure('audit.read').query(({ ctx }) => logStatus({ ctx })),
})

import { z } from 'zod'
import {
  auditQuery,
  checkpointQuery,
  consistencyQuery,
  entriesExportQuery,
  inclusionQuery,
  witnessInput,
} from '../../audit/contract.ts'
import {
  addWitness,
  askVerification,
  exportEntries,
  exportLog,
  listCheckpoints,
  listEntries,
  listWitnesses,
  logStatus,
  proveConsistency,
  proveInclusion,
  removeWitness,
} from '../../audit/index.ts'
import type { RequestContext } from '../request-context.ts'
import { type Route, route } from './route.ts'

export const auditRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/audit/entries',
    summary: 'Entries of the log, newest first',
    permission: 'audit.read',
    answer: '`entries`, and `nextBeforeSeq` to give as `beforeSeq` for the next page, null on the last.',
    query: auditQuery,
    handle: (ctx, { query }) => listEntries({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/audit/entries/export',
    summary: 'The entries that a filter finds, as CSV or JSON lines',
    permission: 'audit.export',
    answer: 'A file, newest entry first. For verification take the whole export.',
    query: entriesExportQuery,
    handle: async (ctx, { query }) => {
      const csv = query.format === 'csv'
      const type = csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson'
      return download(ctx, exportEntries({ ctx, input: query }), `entries`, query.format, type)
    },
  }),
  route({
    method: 'GET',
    path: '/audit/status',
    summary: 'How far the log is verified',
    permission: 'audit.read',
    answer:
      'Entries, the size last verified, when all of it last was (`wholeAt`), whether it is being now, and what is wrong if anything is.',
    handle: (ctx) => logStatus({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/audit/verify',
    summary: 'Has all of the log verified now, from the first entry on',
    permission: 'audit.verify',
    answer:
      '`since` and `why`: of this asking, or of the one that is under way; one at a time. `verifying` of the status is null once it is done.',
    query: z.strictObject({}),
    handle: (ctx) => askVerification({ ctx }),
  }),
  route({
    method: 'GET',
    path: '/audit/checkpoints',
    summary: 'Signed tree heads of the log, newest first',
    permission: 'audit.read',
    answer:
      '`checkpoints`, and `nextBeforeSize` to give as `beforeSize` for the next page, null on the last.',
    query: checkpointQuery,
    handle: (ctx, { query }) => listCheckpoints({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/audit/proofs/inclusion',
    summary: 'That one entry is part of the tree that a checkpoint signs',
    permission: 'audit.read',
    answer:
      'The entry, the checkpoint, the public key and `path`, hashes from the leaf up (RFC 6962, 2.1.1).',
    query: inclusionQuery,
    handle: (ctx, { query }) => proveInclusion({ ctx, input: { ...query, keyFile: ctx.auditKeyFile } }),
  }),
  route({
    method: 'GET',
    path: '/audit/proofs/consistency',
    summary: 'That the log of a checkpoint goes on from what its first entries were',
    permission: 'audit.read',
    answer: 'Both tree heads, the public key and `path` (RFC 6962, 2.1.2).',
    query: consistencyQuery,
    handle: (ctx, { query }) => proveConsistency({ ctx, input: { ...query, keyFile: ctx.auditKeyFile } }),
  }),
  route({
    method: 'GET',
    path: '/audit/witnesses',
    summary: 'Who outside keeps checkpoints, and up to which one',
    permission: 'audit.read',
    answer: 'Each with `heldSize`, `behind` and `lastError`; without its secrets.',
    handle: (ctx) => listWitnesses({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/audit/witnesses',
    summary: 'Has checkpoints sent to a webhook, a file or an S3-compatible store',
    permission: 'audit.witness',
    answer: 'Its `id`, and the `secret` that signs a webhook, told this once.',
    body: witnessInput,
    handle: (ctx, { body }) => addWitness({ ctx, input: body }),
  }),
  route({
    method: 'DELETE',
    path: '/audit/witnesses/{id}',
    summary: 'Sends nothing to a witness any more',
    permission: 'audit.witness',
    answer: 'Nothing.',
    params: z.object({ id: z.uuid() }),
    handle: (ctx, { params }) => removeWitness({ ctx, input: params }),
  }),
  route({
    method: 'GET',
    path: '/audit/export',
    summary: 'The whole log with its checkpoints and public key, to be verified offline',
    permission: 'audit.export',
    answer: 'JSON lines for `infrasage audit verify --file`.',
    handle: async (ctx) => {
      const lines = exportLog({ ctx, input: { keyFile: ctx.auditKeyFile } })
      return download(ctx, lines, 'audit', 'jsonl', 'application/x-ndjson')
    },
  }),
]

function download(
  ctx: RequestContext,
  lines: AsyncGenerator<string>,
  what: string,
  ending: string,
  type: string,
): Response {
  const name = `infrasage-${what}-${ctx.clock.now().toISOString().slice(0, 10)}.${ending}`
  return new Response(streamOf(lines), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** Reads on as fast as the client does. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => {
      await lines.return(undefined)
    },
  })
}

import { z } from 'zod'
import {
  approveInput,
  decideBatchInput,
  overrideShape,
  previewOverrideShape,
  proposalQuery,
  rejectInput,
  rollbackInput,
  snoozeInput,
  undoInput,
} from '../../governance/contract.ts'
import {
  approve,
  decideBatch,
  getProposal,
  listProposals,
  override,
  previewOverride,
  reject,
  rollback,
  snooze,
  undo,
} from '../../governance/index.ts'
import { type Route, route } from './route.ts'

const params = z.object({ id: z.uuid() })
/** A query string has no lists of pairs: `setPoint=<target>:<number>`, once for each. */
const previewQuery = z.object({
  toReplicas: previewOverrideShape.toReplicas,
  setPoint: z
    .array(z.string().regex(/^[0-9a-f-]{36}:\d{1,6}$/, 'write a set-point as <id of the target>:<number>'))
    .optional(),
})
const pairOf = (text: string) => ({ targetId: text.slice(0, 36), to: Number(text.slice(37)) })
const ofPath = { proposalId: true } as const
const seen = '`revision` and `contentHash` are those of the proposal that was read.'

export const proposalRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/proposals',
    summary: 'Proposals, those to act on first at the top',
    permission: 'proposal.read',
    answer: '`rows`, and `nextCursor` to give as `cursor` for the next page, null on the last.',
    query: proposalQuery,
    handle: (ctx, { query }) => listProposals({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/proposals/{id}',
    summary: 'One proposal with its evidence, alternatives and decisions',
    permission: 'proposal.read',
    answer: 'The proposal; its `revision` and `contentHash` are what a decision has to repeat.',
    params,
    handle: (ctx, { params: { id } }) => getProposal({ ctx, input: { id } }),
  }),
  route({
    method: 'GET',
    path: '/proposals/{id}/override-preview',
    summary: 'What an override would send, with everything recomputed',
    permission: 'proposal.decide',
    answer:
      'The plan as it would be sent and its `contentHash`, which the override repeats as `previewHash`.',
    params,
    query: previewQuery,
    handle: (ctx, { params: { id }, query: { toReplicas, setPoint } }) =>
      previewOverride({ ctx, input: { proposalId: id, toReplicas, setPoints: setPoint?.map(pairOf) } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/{id}/approve',
    summary: 'Say yes to exactly what was read',
    permission: 'proposal.decide',
    answer: `The decision: of kind \`endorse\` while the rules of approval ask for more people. 403 for one's own override; 409 when somebody was first or anything moved. ${seen}`,
    params,
    body: approveInput.omit(ofPath),
    handle: (ctx, { params: { id }, body }) => approve({ ctx, input: { proposalId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/{id}/override',
    summary: 'Put another set-point than the proposed one before somebody else, with a reason',
    permission: 'proposal.decide',
    answer: `The decision, of kind \`counter\`, with the difference; another person approves it. ${seen}`,
    params,
    body: z.object(overrideShape).omit(ofPath),
    handle: (ctx, { params: { id }, body }) => override({ ctx, input: { proposalId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/decisions/{id}/undo',
    summary: 'Take an approval back before it is carried out',
    permission: 'proposal.decide',
    answer: 'The proposal, which waits again. 409 once it is being carried out.',
    params,
    body: undoInput.omit({ decisionId: true }),
    handle: (ctx, { params: { id }, body }) => undo({ ctx, input: { decisionId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/{id}/reject',
    summary: 'Refuse a proposal, with a reason',
    permission: 'proposal.decide',
    answer: `The decision. ${seen}`,
    params,
    body: rejectInput.omit(ofPath),
    handle: (ctx, { params: { id }, body }) => reject({ ctx, input: { proposalId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/{id}/rollback',
    summary: 'Propose to take the effect of a carried-out proposal back',
    permission: 'proposal.decide',
    answer: 'The new proposal, which waits for a decision like any other.',
    params,
    body: rollbackInput.omit(ofPath),
    handle: (ctx, { params: { id }, body }) => rollback({ ctx, input: { proposalId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/{id}/snooze',
    summary: 'Put a waiting proposal off until a time before its deadline, or bring it back',
    permission: 'proposal.decide',
    answer: 'The proposal. It comes back by itself; `until` null brings it back at once.',
    params,
    body: snoozeInput.omit(ofPath),
    handle: (ctx, { params: { id }, body }) => snooze({ ctx, input: { proposalId: id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/proposals/decide',
    summary: 'Approve or reject several proposals for one reason, each on its own',
    permission: 'proposal.decide',
    answer:
      'One result for each proposal, in the order given: `decisionId`, or `refusal` where it did not go through. ' +
      seen,
    body: decideBatchInput,
    handle: (ctx, { body }) => decideBatch({ ctx, input: body }),
  }),
]

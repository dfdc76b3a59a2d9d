import {
  removePolicyEngineInput,
  setPolicyEngineInput,
  testPolicyEngineInput,
} from '../../governance/contract.ts'
import {
  getPolicyEngine,
  removePolicyEngine,
  setPolicyEngine,
  testPolicyEngine,
} from '../../governance/index.ts'
import { type Route, route } from './route.ts'

export const policyEngineRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/policy-engine',
    summary: 'The policy engine that is asked beside the rules, and what it said lately',
    permission: 'policy.read',
    answer: '`engine` is null where none is asked; `version` is what a change repeats as `basedOn`.',
    handle: (ctx) => getPolicyEngine({ ctx }),
  }),
  route({
    method: 'PUT',
    path: '/policy-engine',
    summary: 'Ask a policy engine before anything is approved or carried out, or change how it is asked',
    permission: 'policy.manage',
    answer: 'How it stands, without its token. 409 when somebody changed it meanwhile.',
    body: setPolicyEngineInput,
    handle: (ctx, { body }) => setPolicyEngine({ ctx, input: body }),
  }),
  route({
    method: 'POST',
    path: '/policy-engine/remove',
    summary: 'Ask no policy engine any more, with a reason',
    permission: 'policy.manage',
    answer: 'How it stands. 409 when somebody changed it meanwhile, or there is none.',
    body: removePolicyEngineInput,
    handle: (ctx, { body }) => removePolicyEngine({ ctx, input: body }),
  }),
  route({
    method: 'POST',
    path: '/policy-engine/test',
    summary: 'Ask it once about the newest proposal that waits, or about a sample; nothing of it counts',
    permission: 'policy.manage',
    answer: 'The question as it was sent, the answer, and the verdict in words.',
    body: testPolicyEngineInput,
    handle: (ctx, { body }) => testPolicyEngine({ ctx, input: body }),
  }),
]

import {
  backTestInput,
  publishRulesInput,
  ruleHistoryInput,
  saveDraftInput,
} from '../../governance/contract.ts'
import { backTest, getRules, publishRules, ruleHistory, saveDraft } from '../../governance/index.ts'
import { type Route, route } from './route.ts'

export const ruleRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/rules',
    summary: 'The published rules, where each stands now, the draft and the alerts of this month',
    permission: 'policy.read',
    answer:
      '`rules` of `version`; `draftNumber` and `version` are what the next draft and publication repeat.',
    handle: (ctx) => getRules({ ctx }),
  }),
  route({
    method: 'GET',
    path: '/rules/versions',
    summary: 'Every published version, newest first',
    permission: 'policy.read',
    answer: 'Versions with rules, reason and author; give the last `version` as `before` for older ones.',
    query: ruleHistoryInput,
    handle: (ctx, { query }) => ruleHistory({ ctx, input: query }),
  }),
  route({
    method: 'PUT',
    path: '/rules/draft',
    summary: 'Save a draft of all rules; nothing is in force by it',
    permission: 'policy.manage',
    answer: 'The `draftNumber` to publish. 409 when somebody saved another one meanwhile.',
    body: saveDraftInput,
    handle: (ctx, { body }) => saveDraft({ ctx, input: body }),
  }),
  route({
    method: 'GET',
    path: '/rules/back-test',
    summary: 'Hold the draft against the proposals of the past days',
    permission: 'policy.read',
    answer: 'What would have been refused or flagged, and what complying would have cost or saved.',
    query: backTestInput.pick({ days: true }),
    handle: (ctx, { query }) => backTest({ ctx, input: query }),
  }),
  route({
    method: 'POST',
    path: '/rules/publish',
    summary: 'Put the draft in force, with a reason',
    permission: 'policy.manage',
    answer: 'The new `version`. 409 when another version or draft came meanwhile.',
    body: publishRulesInput,
    handle: (ctx, { body }) => publishRules({ ctx, input: body }),
  }),
]

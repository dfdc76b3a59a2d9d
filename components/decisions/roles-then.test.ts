import { expect, test } from 'vitest'
import type { AuditEntryView } from '../../server/audit/contract.ts'
import { rolesAtDecision } from './roles-then.ts'

const entry = (actor: object, body: object): AuditEntryView => ({
  ...{ seq: 1, at: '', stage: 'governance', action: 'x', subject: 'x', prevHash: '', hash: '' },
  canonical: JSON.stringify({ actor, body }),
})

test('the roles are those of the entry that records the decision, whatever came before', () => {
  const entries = [
    entry({ kind: 'system', component: 'advance' }, { proposalNumber: 1 }),
    entry({ kind: 'user', roles: ['admin'] }, { decisionId: 'other' }),
    entry({ kind: 'user', roles: ['operator', 'admin'] }, { decisionId: 'mine' }),
  ]
  expect(rolesAtDecision(entries, 'mine')).toEqual(['operator', 'admin'])
  expect(rolesAtDecision(entries, 'nobody’s')).toBeNull()
})

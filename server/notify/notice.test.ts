import { expect, test } from 'vitest'
import { noticeSchema } from './contract.ts'
import { noticeOf } from './notice.ts'
import { type Names, toldActions } from './telling-rules.ts'

const names: Names = { workload: () => null, decision: () => null, person: () => null }
const entry = (action: string, body: unknown, actor: unknown = { kind: 'system' }) => ({
  ...{ seq: 7, at: '2026-03-02T09:00:00.000Z', stage: 'governance', action, subject: 'rule/month' },
  ...{ canonical: JSON.stringify({ actor, body }), prevHash: '', hash: '' },
})

test.each(toldActions)('%s is told whatever its entry holds', (action) => {
  const odd = { reason: { a: 1 }, note: [], rule: 3, mark: 'x', actBy: 'soon', workloadId: 5, version: '1' }
  for (const body of [odd, {}]) {
    const notice = noticeOf(entry(action, body, { kind: 'user', name: 3 }), names)
    expect(noticeSchema.parse(notice)).toMatchObject({ action, seq: 7 })
  }
})

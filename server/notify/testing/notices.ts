import type { Notice } from '../contract.ts'

/** A notice of a proposal that waits, with characters that each form has to write as they are. */
export function sampleNotice(change: Partial<Notice> = {}): Notice {
  return {
    id: 'log-41',
    seq: 41,
    at: '2026-03-02T09:00:00.000Z',
    topic: 'proposal',
    action: 'proposal.create',
    subject: 'proposal/6a0e3c0e-6c5e-4f0e-8a5e-0d6f5d1c2b3a',
    urgency: 'action',
    title: 'chat <eu> & co: 6 → 9 replicas',
    text: 'Proposal #7 waits for a decision, best by 2026-03-02 09:20 UTC.',
    path: '/inbox?proposal=6a0e3c0e-6c5e-4f0e-8a5e-0d6f5d1c2b3a',
    workload: 'chat <eu> & co',
    actBy: '2026-03-02T09:20:00.000Z',
    ...change,
  }
}

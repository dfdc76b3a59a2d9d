'use client'
import { useState } from 'react'
import type { PolicyRow } from '../../server/governance/contract.ts'
import { useMay } from '../frame/session.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Facts } from '../ui/facts.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { PolicyEditor } from './policy-editor.tsx'
import { levelWords, numberFields } from './policy-fields.ts'
import { PolicyHistory } from './policy-history.tsx'

/** The policy of one workload: as it is, changed by an admin, and how it came to be. */
export function PolicySheet({ row, onClose }: { row: PolicyRow; onClose: () => void }) {
  const [tab, setTab] = useState<'policy' | 'history'>('policy')
  const mayManage = useMay('policy.manage')
  const { workload, policy } = row
  return (
    <Sheet
      onClose={onClose}
      wide
      title={workload.title}
      description={policy ? `Policy version ${policy.version} is in force.` : 'No policy is in force yet.'}
    >
      <Tabs
        label="The policy and its history"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'policy',
            label: mayManage ? 'Change' : 'In force',
            content: mayManage ? (
              <PolicyEditor key={policy?.version ?? 0} row={row} onSaved={() => setTab('history')} />
            ) : (
              <InForce policy={policy} />
            ),
          },
          { value: 'history', label: 'History', content: <PolicyHistory workloadId={workload.id} /> },
        ]}
      />
    </Sheet>
  )
}

function InForce({ policy }: { policy: PolicyRow['policy'] }) {
  if (!policy) {
    return (
      <EmptyState title="No policy yet" className="px-0">
        Until an admin sets one, nothing is proposed for this workload.
      </EmptyState>
    )
  }
  return (
    <Facts
      facts={[
        ...numberFields.map(({ key, label, hint, show }) => ({
          term: label.replace(/, .*$/, ''),
          value: show(policy[key]),
          note: hint,
        })),
        { term: 'Allowed regions', value: policy.allowedRegions.join(', ') },
        { term: 'Automation', value: levelWords[policy.automationLevel] },
      ]}
    />
  )
}

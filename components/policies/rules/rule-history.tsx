'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../api/provider.tsx'
import { HistoryDialog } from '../history-dialog.tsx'
import { RuleDifferences } from './rule-differences.tsx'

/** Every published version of the rules. */
export function RuleHistory({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  return (
    <HistoryDialog
      title="History of the rules"
      query={useQuery(trpc.rules.history.queryOptions({}))}
      changes={({ differences }) => <RuleDifferences differences={differences} />}
      onClose={onClose}
    />
  )
}

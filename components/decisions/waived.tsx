import type { Waiver } from '../../server/governance/contract.ts'
import { Notice } from '../ui/states.tsx'

/** Which soft-mandatory rules the person let pass, and why. */
export function Waived({ waiver }: { waiver: Waiver }) {
  return (
    <Notice tone="wait" title={`Let pass: ${waiver.rules.join(', ')}`}>
      {waiver.reason}
    </Notice>
  )
}

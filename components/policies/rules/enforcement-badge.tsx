import type { Enforcement } from '../../../server/plan/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { enforcementWords } from './rule-words.ts'

/** How strictly a rule holds, in one word. */
export function EnforcementBadge({ enforcement }: { enforcement: Enforcement }) {
  const { label, tone } = enforcementWords[enforcement]
  return <Badge tone={tone}>{label}</Badge>
}

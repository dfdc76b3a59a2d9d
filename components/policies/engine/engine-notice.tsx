import type { EngineStanding } from '../../../server/governance/contract.ts'
import { Notice } from '../../ui/states.tsx'

/** That the policy engine stands against a proposal, or said nothing of use; nothing where it allows it. */
export function EngineNotice({ engine }: { engine: EngineStanding | null }) {
  const verdict = engine?.verdict ?? null
  if (engine === null || verdict === null || verdict.outcome === 'allow') return null
  const soft = verdict.outcome === 'deny' && engine.enforcement === 'soft-mandatory'
  return (
    <Notice
      tone={verdict.outcome === 'deny' && !soft ? 'breach' : 'wait'}
      title={verdict.outcome === 'deny' ? 'The policy engine denies it' : 'The policy engine gave no verdict'}
    >
      {verdict.outcome === 'deny' ? (
        verdict.reasons.length > 0 ? (
          <ul className="list-disc pl-4">
            {verdict.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ) : (
          <p>It gives no reason.</p>
        )
      ) : (
        <p>{verdict.problem}</p>
      )}
      <p className="text-muted">
        It is asked anew when somebody decides.{soft ? ' An admin who decides may let its denial pass.' : ''}
      </p>
    </Notice>
  )
}

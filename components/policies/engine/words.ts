import type {
  EngineDecision,
  EngineEnforcement,
  EngineVerdictView,
} from '../../../server/governance/contract.ts'
import type { Tone } from '../../ui/badge.tsx'

export const enforcementHints: Record<EngineEnforcement, string> = {
  'hard-mandatory': 'Is refused, whoever asks.',
  'soft-mandatory': 'Is refused, unless an admin who decides says why it may pass this once.',
}

export const outcomeLook: Record<EngineVerdictView['outcome'], { word: string; tone: Tone }> = {
  allow: { word: 'allows', tone: 'verified' },
  deny: { word: 'denies', tone: 'breach' },
  none: { word: 'no verdict', tone: 'wait' },
}

/** When it was asked. */
export const askedWords: Record<EngineDecision, string> = {
  propose: 'when it was proposed',
  approve: 'at an approval',
  counter: 'at a counter-proposal',
  override: 'at the approval of a counter-proposal',
  rollback: 'at a rollback',
  dispatch: 'before it was carried out',
}

import {
  Ban,
  Check,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Clock,
  Loader,
  PencilLine,
  Replace,
  Undo2,
  X,
} from 'lucide-react'
import type { ComponentType } from 'react'
import type { DispatchActionView } from '../../server/dispatch/contract.ts'
import type {
  BaseModelStateName,
  DecisionKindName,
  DispatchStateName,
  ProposalStateName,
} from '../../server/governance/contract.ts'
import { Badge, type Tone } from './badge.tsx'

type Look = { word: string; tone: Tone; icon: ComponentType<{ 'aria-hidden'?: boolean }> }

const proposals: Record<ProposalStateName, Look> = {
  waiting: { word: 'waiting', tone: 'wait', icon: Clock },
  approved: { word: 'approved', tone: 'action', icon: Check },
  rejected: { word: 'rejected', tone: 'neutral', icon: X },
  expired: { word: 'expired', tone: 'neutral', icon: CircleDashed },
  superseded: { word: 'superseded', tone: 'neutral', icon: Replace },
}

const dispatches: Record<DispatchStateName, Look> = {
  pending: { word: 'to be sent', tone: 'wait', icon: Clock },
  dispatching: { word: 'sending', tone: 'wait', icon: Loader },
  applied: { word: 'applied', tone: 'action', icon: Check },
  verified: { word: 'verified', tone: 'verified', icon: CircleCheck },
  failed: { word: 'failed', tone: 'breach', icon: X },
  unknown: { word: 'unknown, reading back', tone: 'wait', icon: CircleHelp },
  void: { word: 'void', tone: 'breach', icon: Ban },
  rolling_back: { word: 'taking back', tone: 'wait', icon: Undo2 },
  rolled_back: { word: 'taken back', tone: 'breach', icon: Undo2 },
}

const actions: Record<DispatchActionView['state'], Look> = {
  waiting: { word: 'waits', tone: 'wait', icon: Clock },
  applied: { word: 'applied', tone: 'action', icon: Check },
  verified: { word: 'verified', tone: 'verified', icon: CircleCheck },
  failed: { word: 'failed', tone: 'breach', icon: X },
  taken_back: { word: 'being taken back', tone: 'wait', icon: Undo2 },
  undone: { word: 'taken back', tone: 'neutral', icon: Undo2 },
}

const decisions: Record<DecisionKindName, Look> = {
  approve: { word: 'approved', tone: 'action', icon: Check },
  override: { word: 'overridden', tone: 'action', icon: PencilLine },
  reject: { word: 'rejected', tone: 'neutral', icon: X },
  expire: { word: 'expired', tone: 'neutral', icon: CircleDashed },
  supersede: { word: 'superseded', tone: 'neutral', icon: Replace },
  void: { word: 'void', tone: 'breach', icon: Ban },
  endorse: { word: 'one yes', tone: 'action', icon: Check },
  counter: { word: 'countered', tone: 'action', icon: PencilLine },
  undo: { word: 'undone', tone: 'neutral', icon: Undo2 },
  hold: { word: 'overdue', tone: 'wait', icon: Clock },
}

const baseModels: Record<BaseModelStateName | 'shipped', Look> = {
  shipped: { word: 'shipped', tone: 'neutral', icon: Check },
  waiting: { word: 'waiting', tone: 'wait', icon: Clock },
  approved: { word: 'approved', tone: 'action', icon: Check },
  rejected: { word: 'rejected', tone: 'neutral', icon: X },
  expired: { word: 'expired', tone: 'neutral', icon: CircleDashed },
  rolled_back: { word: 'rolled back', tone: 'neutral', icon: Undo2 },
}

function LookBadge({ look }: { look: Look }) {
  const Icon = look.icon
  return (
    <Badge tone={look.tone}>
      <Icon aria-hidden />
      {look.word}
    </Badge>
  )
}

export function ProposalStateBadge({ state }: { state: ProposalStateName }) {
  return <LookBadge look={proposals[state]} />
}

/** `stopped`: nobody carries it on until a person says what is to be done. */
export function DispatchStateBadge({
  state,
  stopped = false,
}: {
  state: DispatchStateName
  stopped?: boolean
}) {
  const { word, icon } = dispatches[state]
  if (!stopped) return <LookBadge look={dispatches[state]} />
  return <LookBadge look={{ icon, tone: 'breach', word: `${state === 'unknown' ? state : word}, stopped` }} />
}

export function ActionStateBadge({ state }: { state: DispatchActionView['state'] }) {
  return <LookBadge look={actions[state]} />
}

export function DecisionKindBadge({ kind }: { kind: DecisionKindName }) {
  return <LookBadge look={decisions[kind]} />
}

export function BaseModelStateBadge({ state }: { state: BaseModelStateName | 'shipped' }) {
  return <LookBadge look={baseModels[state]} />
}

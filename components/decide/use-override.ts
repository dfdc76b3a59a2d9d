'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { OverridePreview, ProposalDetail } from '../../server/governance/contract.ts'
import type { Action, ActionKind, Alternative } from '../../server/plan/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { parseReplicas } from './replicas.ts'

/** What a person sets instead, as the server takes it: one number for a plan of one action, or one per target. */
export type Chosen =
  | { toReplicas: number }
  | { setPoints: { targetId: string; to: number; kind?: ActionKind }[] }

export type OverrideState = {
  /** One field per action that has a number to choose, in the order of the plan. */
  fields: {
    action: Action
    text: string
    problem: string | null
    setText: (text: string) => void
    /** What can be done to the target, as proposed first; more than one where an alternative does something else to it. */
    kinds: ActionKind[]
    kind: ActionKind
    setKind: (kind: ActionKind) => void
  }[]
  /** Recomputed for what stands in the fields; null while on its way. */
  preview: OverridePreview | null
  /** The last one that was recomputed, to keep the layout still while the next is on its way. */
  last: OverridePreview | undefined
  failure: string | null
  /** What would be sent; null while a field holds no number. */
  chosen: Chosen | null
  /** Whether the fields say what was proposed. */
  unchanged: boolean
}

/** The numbers being edited, and all that follows from them, recomputed by the server shortly after each change. */
export function useOverride(proposal: ProposalDetail, start: number | null): OverrideState {
  const trpc = useTRPC()
  const { actions, alternatives } = proposal.content
  const offered = actions.map((action) => kindsFor(action, alternatives))
  // Where there is something else to do, that is what an override is for.
  const [kinds, setKinds] = useState(() => offered.map((kinds) => kinds[1] ?? kinds[0]))
  const [texts, setTexts] = useState<string[]>(() =>
    actions.map(({ toReplicas }) => String(actions.length === 1 ? (start ?? toReplicas) : toReplicas)),
  )
  const [settled, setSettled] = useState(texts)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(texts), 200)
    return () => clearTimeout(timer)
  }, [texts])
  const chosen = chosenOf(actions, texts, kinds)
  const asked = chosenOf(actions, settled, kinds)
  const query = useQuery(
    trpc.proposal.previewOverride.queryOptions(
      { proposalId: proposal.id, ...(asked ?? { setPoints: [] }) },
      { enabled: asked !== null, placeholderData: keepPreviousData, staleTime: 0 },
    ),
  )
  const current = chosen !== null && settled === texts && !query.isPlaceholderData
  return {
    fields: actions.map((action, i) => {
      const text = texts[i] ?? ''
      const parsed = parseReplicas(text)
      return {
        action,
        text,
        problem: 'problem' in parsed ? parsed.problem : null,
        setText: (next) => setTexts(texts.map((each, at) => (at === i ? next : each))),
        kinds: offered[i] ?? [action.kind],
        kind: kinds[i] ?? action.kind,
        setKind: (next) => setKinds(kinds.map((each, at) => (at === i ? next : each))),
      }
    }),
    preview: current && query.data ? query.data : null,
    last: query.data,
    failure: current && query.error ? errorMessageOf(query.error) : null,
    chosen,
    unchanged: actions.every(
      ({ toReplicas, kind }, i) => texts[i]?.trim() === String(toReplicas) && (kinds[i] ?? kind) === kind,
    ),
  }
}

function chosenOf(
  actions: readonly Action[],
  texts: readonly string[],
  kinds: readonly (ActionKind | undefined)[],
): Chosen | null {
  const values = texts.map(parseReplicas)
  const numbers = values.flatMap((parsed) => ('value' in parsed ? [parsed.value] : []))
  const [only] = numbers
  if (only === undefined || numbers.length < actions.length) return null
  const other = actions.some(({ kind }, i) => (kinds[i] ?? kind) !== kind)
  if (actions.length === 1 && !other) return { toReplicas: only }
  return {
    setPoints: actions.map(({ targetId, kind }, i) => ({
      targetId,
      to: numbers[i] ?? 0,
      ...(kinds[i] === undefined || kinds[i] === kind ? {} : { kind: kinds[i] }),
    })),
  }
}

/** What the plan does to the target, then what its alternatives do instead. */
function kindsFor({ targetId, kind }: Action, alternatives: readonly Alternative[]): ActionKind[] {
  const others = alternatives.flatMap(({ actions }) => actions).filter((other) => other.targetId === targetId)
  return [...new Set([kind, ...others.map((other) => other.kind)])]
}

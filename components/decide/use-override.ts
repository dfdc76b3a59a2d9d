'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type {
  OverridePlace,
  OverridePreview,
  ProposalDetail,
  RunWindow,
} from '../../server/governance/contract.ts'
import type { Action, ActionKind, Alternative } from '../../server/plan/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { actionAt, instead } from './override-places.ts'
import { parseReplicas } from './replicas.ts'
import { atOnce, type WindowChoice, windowOf } from './window-choice.ts'

/** What a person sets instead, as the server takes it: one number for a plan of one action, or one per target; and when. */
export type Chosen = (
  | { toReplicas: number }
  | { setPoints: { targetId: string; to: number; kind?: ActionKind }[] }
) & { window?: RunWindow }

export type OverrideState = {
  /** One field per action that has a number to choose, in the order of the plan, then one per pool that was added. */
  fields: {
    action: Action
    text: string
    problem: string | null
    setText: (text: string) => void
    /** What can be done to the target, as proposed first; more than one where an alternative does something else to it. */
    kinds: ActionKind[]
    kind: ActionKind
    setKind: (kind: ActionKind) => void
    /** Whether it is of a pool that the proposal leaves as it is. */
    added: boolean
  }[]
  /** Other pools of the workload that are not among the fields. */
  places: OverridePlace[]
  /** Takes capacity at another pool: instead of the plan's one action, or beside its several. */
  addPlace: (place: OverridePlace) => void
  when: WindowChoice
  setWhen: (when: WindowChoice) => void
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

/** What was typed for a proposal that another one replaced: by target, and why; `to`: the proposal it is carried to. */
export type Carried = { to: string; numbers: ReadonlyMap<string, string>; reason: string }

type Field = { action: Action; text: string; kinds: ActionKind[]; kind: ActionKind; added: boolean }

/** The numbers being edited, and all that follows from them, recomputed by the server shortly after each change. */
export function useOverride(
  proposal: ProposalDetail,
  start: number | null,
  carried: Carried | null,
): OverrideState {
  const trpc = useTRPC()
  const { actions, alternatives } = proposal.content
  const [fields, setFields] = useState<Field[]>(() =>
    actions.map((action) => {
      const kinds = kindsFor(action, alternatives)
      const typed = carried?.numbers.get(action.targetId)
      const text = typed ?? String(actions.length === 1 ? (start ?? action.toReplicas) : action.toReplicas)
      // Where there is something else to do, that is what an override is for.
      return { action, text, kinds, kind: kinds[1] ?? action.kind, added: false }
    }),
  )
  const [when, setWhen] = useState<WindowChoice>(atOnce)
  const [settled, setSettled] = useState(fields)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(fields), 200)
    return () => clearTimeout(timer)
  }, [fields])
  const places = useQuery(trpc.proposal.overridePlaces.queryOptions({ id: proposal.id })).data ?? []
  const run = windowOf(when)
  const chosen = run && chosenOf(fields, run.window)
  const asked = run && chosenOf(settled, run.window)
  const query = useQuery(
    trpc.proposal.previewOverride.queryOptions(
      { proposalId: proposal.id, ...(asked ?? { setPoints: [] }) },
      { enabled: asked !== null, placeholderData: keepPreviousData, staleTime: 0 },
    ),
  )
  const current = chosen !== null && settled === fields && !query.isPlaceholderData
  const change = (at: number, with_: Partial<Field>) =>
    setFields(fields.map((field, i) => (i === at ? { ...field, ...with_ } : field)))
  return {
    fields: fields.map((field, i) => {
      const parsed = parseReplicas(field.text)
      return {
        ...field,
        problem: 'problem' in parsed ? parsed.problem : null,
        setText: (text) => change(i, { text }),
        setKind: (kind) => change(i, { kind }),
      }
    }),
    places: places.filter(({ targetId }) => !fields.some(({ action }) => action.targetId === targetId)),
    addPlace: (place) => {
      const only = fields.length === 1 ? fields[0] : undefined
      const action = actionAt(place)
      const text = String(
        instead(
          { actions, capacityPerReplica: proposal.content.evidence.capacity.capacityPerReplica },
          place,
        ),
      )
      const stays = only ? [{ ...only, text: String(only.action.fromReplicas) }] : fields
      setFields([...stays, { action, text, kinds: [action.kind], kind: action.kind, added: true }])
    },
    when,
    setWhen,
    preview: current && query.data ? query.data : null,
    last: query.data,
    failure: current && query.error ? errorMessageOf(query.error) : null,
    chosen,
    unchanged:
      when.when === 'now' &&
      fields.every(
        ({ action, text, kind }) => text.trim() === String(action.toReplicas) && kind === action.kind,
      ),
  }
}

function chosenOf(fields: readonly Field[], window: RunWindow | undefined): Chosen | null {
  const numbers = fields.flatMap(({ text }) => {
    const parsed = parseReplicas(text)
    return 'value' in parsed ? [parsed.value] : []
  })
  const [only] = numbers
  if (only === undefined || numbers.length < fields.length) return null
  const [first] = fields
  if (fields.length === 1 && first?.kind === first?.action.kind) return { toReplicas: only, window }
  return {
    setPoints: fields.map(({ action: { targetId, kind }, kind: wanted }, i) => ({
      targetId,
      to: numbers[i] ?? 0,
      ...(wanted === kind ? {} : { kind: wanted }),
    })),
    window,
  }
}

/** What the plan does to the target, then what its alternatives do instead. */
function kindsFor({ targetId, kind }: Action, alternatives: readonly Alternative[]): ActionKind[] {
  const others = alternatives.flatMap(({ actions }) => actions).filter((other) => other.targetId === targetId)
  return [...new Set([kind, ...others.map((other) => other.kind)])]
}

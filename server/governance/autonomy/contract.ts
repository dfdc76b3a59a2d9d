import { z } from 'zod'
import { type ActionKind, actionKinds } from '../../plan/contract.ts'

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)
const ofClass = { workloadId: z.uuid(), kind: z.enum(actionKinds) }

export const confirmAutonomyInput = z.strictObject({ ...ofClass, reason: why })
export type ConfirmAutonomyInput = z.infer<typeof confirmAutonomyInput>
export const revokeAutonomyInput = confirmAutonomyInput
export type RevokeAutonomyInput = ConfirmAutonomyInput

/** What a class showed over the window. Shares from 0 to 1; null where there is nothing to take them of. */
export type ClassMeasures = {
  from: string
  to: string
  decisions: number
  /** Of stated 90% intervals of the workload's demand, those that held, and how many were judged. */
  coverage: number | null
  coverageCount: number
  /** Of what people decided, what they changed or refused. */
  overrideRate: number | null
  /** Carried out, and how much of it was good. */
  outcomes: number
  goodOutcomes: number | null
}

/** One measure beside its threshold, in words: "override rate 4 %", "at most 10 %". */
export type MeasureStanding = { measure: string; actual: string; limit: string; passed: boolean }

export type AutonomyClassView = {
  workload: { id: string; name: string; title: string; environment: string }
  kind: ActionKind
  /** *watched*: not eligible yet. *eligible*: an admin may confirm it. *confirmed*: rules may decide. *demoted*: it lost that. */
  state: 'watched' | 'eligible' | 'confirmed' | 'demoted'
  measures: ClassMeasures
  standings: MeasureStanding[]
  confirmed: { who: string; at: string; reason: string } | null
  demoted: { at: string; why: string } | null
}

import { z } from 'zod'
import { actionKinds, purposes } from './action.ts'

const word = z.string().trim().min(1, 'must not be empty').max(63)
const level = z.number().int().min(0).max(1_000_000)
const amount = z.number().min(-1e9).max(1e9)

/** What a written policy may ask about one action; what a test does not give has the value of `usualChange`. */
export const writtenFacts = z.strictObject({
  action: z.enum(actionKinds).optional(),
  workload: word.optional(),
  team: word.optional(),
  environment: word.optional(),
  dataClassification: word.optional(),
  purpose: z.enum(purposes).optional(),
  /** Set-points before and after, in the unit of the action. */
  from: level.optional(),
  to: level.optional(),
  market: z.enum(['on_demand', 'spot', 'reserved', 'owned']).optional(),
  jurisdiction: word.optional(),
  securityTier: z.number().int().min(1).max(5).optional(),
  /** After minus before. */
  extraUsdPerHour: amount.optional(),
  extraCarbonGPerHour: amount.optional(),
  changesLastHour: z.number().int().min(0).max(10_000).optional(),
  spentThisMonthUsd: z.number().min(0).max(1e9).optional(),
  at: z.iso.datetime().optional(),
})
export type WrittenFacts = z.infer<typeof writtenFacts>

/** What a rule says of an action: `forbid` where one of its policies does, `permit` otherwise. */
export const writtenTest = z.strictObject({
  name: word,
  given: writtenFacts,
  expect: z.enum(['permit', 'forbid']),
})
export type WrittenTest = z.infer<typeof writtenTest>

/** Cedar policies, and what they are expected to say. */
export const writtenText = {
  text: z.string().trim().min(1, 'must not be empty').max(20_000),
  tests: z.array(writtenTest).max(50, 'at most 50 tests').default([]),
}

export const checkWrittenInput = z.strictObject({
  text: z.string().max(20_000),
  tests: writtenText.tests,
})
export type CheckWrittenInput = z.input<typeof checkWrittenInput>

/** `line` and `column` count from 1; null where the fault has no place. */
export type WrittenProblem = {
  severity: 'error' | 'warning'
  message: string
  help: string | null
  line: number | null
  column: number | null
}
export type WrittenTestResult = { name: string; passed: boolean; got: 'permit' | 'forbid'; why: string }

/** What is wrong with written policies, and what their tests brought; no test is run while there is an error. */
export type WrittenCheck = {
  problems: WrittenProblem[]
  /** Names of the policies, in their order. */
  policies: string[]
  tests: WrittenTestResult[]
}

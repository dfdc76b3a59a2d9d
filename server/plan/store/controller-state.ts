import { authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import { type ControllerStateQuery, type ControllerStateView, controllerStateQuery } from '../contract.ts'
import { evidenceSteps } from '../controller/advised-level.ts'
import { REGAINED_SHARE, TOLERANCE } from '../controller/guard.ts'
import type { GuardState } from '../controller/state.ts'

type Row = ControllerStateView['workload'] & {
  poolId: string
  stepSeconds: number
  advancedTo: Date
  step: number
  guard: GuardState
}

/** Who is in control of each pool that has a controller: the plan, or the autoscaler that runs in its shadow. */
export async function controllerStates({
  ctx,
  input,
}: Verb<ControllerStateQuery>): Promise<ControllerStateView[]> {
  authorise(ctx, 'forecast.read')
  const { workloadId, control } = parseInput(controllerStateQuery, input, 'query')
  // Only what is shown is read: the candidates make most of a state.
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT w."id", w."name", w."title", w."stepSeconds", c."poolId", c."advancedTo",
      (c."state"->>'step')::int AS step, c."state"->'guard' AS guard
    FROM "PoolController" c
    JOIN "Pool" p ON p."id" = c."poolId"
    JOIN "Workload" w ON w."id" = p."workloadId"
    WHERE (${workloadId ?? null}::uuid IS NULL OR w."id" = ${workloadId ?? null}::uuid)
      AND (${control ?? null}::text IS NULL OR c."state"->'guard'->>'control' = ${control ?? null})
    ORDER BY w."name"`
  return rows.map(viewOf)
}

function viewOf({ id, name, title, poolId, stepSeconds, advancedTo, step, guard }: Row): ControllerStateView {
  const perHour = (cost: number) => (guard.weight > 0 ? (cost / guard.weight) * (3_600 / stepSeconds) : 0)
  const stepsAgo = step - guard.sinceStep
  const changed = guard.sinceStep > 0
  return {
    workload: { id, name, title },
    poolId,
    control: guard.control,
    since: changed
      ? new Date(advancedTo.getTime() - (stepsAgo - 1) * stepSeconds * 1_000).toISOString()
      : null,
    at: advancedTo.toISOString(),
    reactive: guard.reactive,
    planCostUsd: guard.planCost,
    reactiveCostUsd: guard.reactiveCost,
    planCostPerHourUsd: perHour(guard.planCost),
    reactiveCostPerHourUsd: perHour(guard.reactiveCost),
    tolerance: TOLERANCE,
    regainedAt: TOLERANCE * REGAINED_SHARE,
    steps: step,
    stepsNeeded: evidenceSteps(stepSeconds),
  }
}

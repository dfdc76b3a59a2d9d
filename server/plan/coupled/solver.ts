import type { Highs } from 'highs'

/** minimise cost · x under lower ≤ A x ≤ upper and bounds; A by rows. `integer` absent: a linear programme. */
export type LinearModel = {
  cost: Float64Array
  columnLower: Float64Array
  columnUpper: Float64Array
  rowLower: Float64Array
  rowUpper: Float64Array
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
  integer?: Int32Array
}

/**
 * Gap and nodes end the search in the ordinary case, so that the same input gives the same plan on any machine. The clock
 * is the last resort.
 */
export type SolveLimits = { relativeGap: number; maxNodes: number; timeLimitSeconds: number }

export type Solved = {
  /** *feasible*: stopped by a limit with a solution in hand. *none*: stopped, or failed, without one. */
  status: 'optimal' | 'feasible' | 'infeasible' | 'none'
  values: Float64Array
  objective: number
  /** Proven lower bound of the objective. */
  bound: number
  /** Of a linear programme: change of the objective per unit of a row's limit. */
  rowDuals: Float64Array
  timeStruck: boolean
}

export type Solver = (model: LinearModel, limits: SolveLimits, start?: Float64Array) => Solved

let loading: Promise<Solver> | null = null

/** HiGHS (Huangfu & Hall 2018) as WebAssembly, loaded once per process. Single-threaded; solves block. */
export function loadSolver(): Promise<Solver> {
  loading ??= import('highs').then(({ default: loadHighs }) => loadHighs()).then(solverOf)
  return loading
}

/** Root heuristics and restarts cost more than they bring: a start from the local search comes with the model. */
const searchOptions = {
  output_flag: false,
  mip_heuristic_effort: 0,
  mip_heuristic_run_feasibility_jump: false,
  mip_detect_symmetry: false,
  mip_allow_restart: false,
}

function solverOf(highs: Highs): Solver {
  const { optimal, timeLimit, infeasible, unboundedOrInfeasible } = highs.constants.modelStatus
  return (model, limits, start) =>
    highs.withModel((native) => {
      const numCols = model.cost.length
      const numRows = model.rowLower.length
      const isInteger = model.integer !== undefined
      native.options.set({
        ...searchOptions,
        mip_rel_gap: limits.relativeGap,
        mip_max_nodes: limits.maxNodes,
        time_limit: limits.timeLimitSeconds,
      })
      native.passModel({
        numCols,
        numRows,
        colCost: model.cost,
        colLower: model.columnLower,
        colUpper: model.columnUpper,
        rowLower: model.rowLower,
        rowUpper: model.rowUpper,
        matrix: {
          format: 'csr',
          numRows,
          numCols,
          starts: model.starts,
          indices: model.indices,
          values: model.values,
        },
        integrality: model.integer,
      })
      if (start !== undefined) native.setSolution({ colValue: start })
      native.run()
      const status = native.getModelStatus()
      const found = native.info.get('primal_solution_status') === 2
      const objective = found ? native.getObjectiveValue() : Number.POSITIVE_INFINITY
      const { colValue, rowDual } = native.getSolution()
      const outcome =
        status === infeasible || status === unboundedOrInfeasible ? 'infeasible' : found ? 'feasible' : 'none'
      const proven = isInteger ? Number(native.info.get('mip_dual_bound')) : objective
      return {
        status: status === optimal ? 'optimal' : outcome,
        values: colValue ?? new Float64Array(numCols),
        objective,
        bound: status === optimal || isInteger ? proven : Number.NEGATIVE_INFINITY,
        rowDuals: rowDual ?? new Float64Array(numRows),
        timeStruck: status === timeLimit,
      }
    })
}

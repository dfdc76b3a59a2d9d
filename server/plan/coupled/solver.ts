import type { Highs, Model, ModelData } from 'highs'

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

/** `primal_solution_status` of a point within every row and bound. */
const feasiblePoint = 2

function solverOf(highs: Highs): Solver {
  return (model, limits, start) => {
    try {
      return highs.withModel((native) => solveWith(highs, native, model, limits, start))
    } catch (error) {
      // What the library cannot do leaves the caller with its fall-back, not without a plan.
      if (error instanceof highs.errors.HighsError) return nothing(model)
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      // An instance that trapped, out of memory for one, cannot be trusted again.
      loading = null
      return nothing(model)
    }
  }
}

function solveWith(
  { constants }: Highs,
  native: Model,
  model: LinearModel,
  limits: SolveLimits,
  start: Float64Array | undefined,
): Solved {
  const { optimal, timeLimit, infeasible, unboundedOrInfeasible } = constants.modelStatus
  native.options.set({
    ...searchOptions,
    mip_rel_gap: limits.relativeGap,
    mip_max_nodes: limits.maxNodes,
    time_limit: limits.timeLimitSeconds,
  })
  native.passModel(modelData(model))
  if (start !== undefined) native.setSolution({ colValue: start })
  native.run()
  const status = native.getModelStatus()
  const isInteger = model.integer !== undefined
  const timeStruck = status === timeLimit
  if (status === infeasible || status === unboundedOrInfeasible) {
    return { ...nothing(model), status: 'infeasible', timeStruck }
  }
  const found = native.info.get('primal_solution_status') === feasiblePoint
  const objective = found ? native.getObjectiveValue() : Number.POSITIVE_INFINITY
  const proven = isInteger ? Number(native.info.get('mip_dual_bound')) : objective
  const { colValue, rowDual } = native.getSolution()
  return {
    status: status === optimal ? 'optimal' : found ? 'feasible' : 'none',
    values: colValue,
    objective,
    bound: status === optimal || isInteger ? proven : Number.NEGATIVE_INFINITY,
    rowDuals: rowDual,
    timeStruck,
  }
}

function modelData(model: LinearModel): ModelData {
  const numCols = model.cost.length
  const numRows = model.rowLower.length
  const { starts, indices, values } = model
  return {
    numCols,
    numRows,
    colCost: model.cost,
    colLower: model.columnLower,
    colUpper: model.columnUpper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: { format: 'csr', numRows, numCols, starts, indices, values },
    ...(model.integer ? { integrality: model.integer } : {}),
  }
}

function nothing({ cost, rowLower }: LinearModel): Solved {
  return {
    status: 'none',
    values: new Float64Array(cost.length),
    objective: Number.POSITIVE_INFINITY,
    bound: Number.NEGATIVE_INFINITY,
    rowDuals: new Float64Array(rowLower.length),
    timeStruck: false,
  }
}

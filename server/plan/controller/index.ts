export { leadsNeeded, unitOf } from './candidates.ts'
export { PoolController } from './controller.ts'
export { plannedTerms } from './planned-terms.ts'
export {
  ReactiveAutoscaler,
  type ReactiveTerms,
  type ReactiveView,
  SYNC_SECONDS,
  turnsAt,
} from './reactive.ts'
export {
  type ClosedStep,
  type ControllerOptions,
  type ControllerState,
  controllerState,
  type DemandQuantiles,
  type ReactiveState,
} from './state.ts'

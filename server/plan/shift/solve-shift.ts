import type { PlanInput, WaitingWork } from '../contract.ts'
import { longestWaitSeconds } from './longest-wait.ts'
import { type ShiftProblem, shiftProblem, slotsOf } from './problem.ts'
import { cheapestSchedule, type Schedule, type Slot } from './schedule.ts'

export type Cost = { price: number; carbon: number }

export type SolvedShift = {
  problem: ShiftProblem
  slots: Slot[]
  schedule: Schedule
  /** The same work, served as it comes as far as the levels allow. */
  asItComes: Cost & { levels: number[] }
  longestWaitSeconds: number
  /** Whether nothing waits longer than it may; else the schedule keeps what is late to the fewest hours. */
  isKept: boolean
}

const hourSeconds = 3_600

/**
 * The cheapest schedule, checked work by work on the finer steps of the forecast: where something would wait too long within
 * an hour, all may wait an hour less. Null where no schedule serves all that is forecast.
 */
export function solveShift(
  input: PlanInput,
  waiting: readonly WaitingWork[],
  allowedSeconds: number,
): SolvedShift | null {
  const problem = shiftProblem(input, waiting)
  if (problem === null) return null
  const solved = (seconds: number): Omit<SolvedShift, 'isKept'> | null => {
    const slots = slotsOf(problem, input, seconds)
    const schedule = cheapestSchedule(slots, problem.held)
    if (schedule === null) return null
    const longest = longestWaitSeconds(problem.arrivals, problem.hours, schedule.levels)
    return { problem, slots, schedule, asItComes: servedAsItComes(slots), longestWaitSeconds: longest }
  }
  for (const seconds of [allowedSeconds, allowedSeconds - hourSeconds]) {
    const found = solved(seconds)
    if (found && found.longestWaitSeconds <= allowedSeconds) return { ...found, isKept: true }
  }
  for (let late = 1; late <= problem.hours.length; late++) {
    const found = solved(allowedSeconds + late * hourSeconds)
    if (found) return { ...found, isKept: false }
  }
  return null
}

/** The cheapest schedule of the same work that begins with what stands. */
export function asItStands({ slots, problem, schedule }: SolvedShift, current: number): Cost {
  const standing = slots.map((slot, i) => (i < problem.held ? { ...slot, low: current } : slot))
  return cheapestSchedule(standing, problem.held) ?? schedule
}

function servedAsItComes(slots: readonly Slot[]): SolvedShift['asItComes'] {
  let done = 0
  let price = 0
  let carbon = 0
  const levels: number[] = []
  for (const slot of slots) {
    const level = Math.min(slot.high, Math.max(slot.low, Math.ceil((slot.arrived - done) / slot.seconds)))
    done = Math.min(slot.arrived, done + level * slot.seconds)
    price += level * slot.price
    carbon += level * slot.carbon
    levels.push(level)
  }
  return { price, carbon, levels }
}

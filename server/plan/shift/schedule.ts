/** One hour, or a part of one. Work counts in whole replica-seconds, money and carbon in whole small units: sums are exact. */
export type Slot = {
  seconds: number
  /** Of one replica over the whole slot. */
  price: number
  carbon: number
  /** Work that has come in by its end, and the part of it that must be done by then; both cumulative. */
  arrived: number
  due: number
  low: number
  high: number
}

export type Schedule = {
  levels: number[]
  /** Work done by the end of each slot, cumulative. */
  done: number[]
  price: number
  carbon: number
}

type Label = {
  done: number
  price: number
  carbon: number
  /** Work left at the end of each slot so far, summed: of two that cost the same, the one that waits less. */
  waiting: number
  level: number
  before: Label | null
}

/** More levels than this are tried in equal strides. */
const mostLevels = 20

/**
 * The cheapest levels that have everything done by when it is due: least price, then least carbon, then least waiting. The
 * first `held` slots have one level. Null where no levels keep what is due. Work is done in the order in which it came,
 * which keeps every deadline that can be kept where all may wait equally long; so a schedule is feasible exactly where the
 * cumulative work done stays between what is due and what arrived. A label is dropped only for one that has done as
 * much for less: whatever follows the one could follow the other. Exact; of more than 20 levels, in strides.
 */
export function cheapestSchedule(slots: readonly Slot[], held: number): Schedule | null {
  const [first] = slots
  if (first === undefined || !isFeasible(slots, held)) return null
  const start: Label = { done: 0, price: 0, carbon: 0, waiting: 0, level: 0, before: null }
  let labels = between(first.low, first.high).flatMap((level) => {
    let label: Label | null = start
    for (const slot of slots.slice(0, held)) label = label && after(label, slot, level)
    return label ? [label] : []
  })
  for (const slot of slots.slice(held)) {
    const next = labels.flatMap((label) => {
      const room = Math.ceil((slot.arrived - label.done) / slot.seconds)
      return between(slot.low, Math.min(slot.high, Math.max(slot.low, room))).flatMap((level) => {
        const then = after(label, slot, level)
        return then ? [then] : []
      })
    })
    labels = undominated(next)
  }
  const best = labels.toSorted(byKey)[0]
  return best ? unwound(best) : null
}

/** Whether any levels keep what is due: the highest do, or none. */
export function isFeasible(slots: readonly Slot[], held: number): boolean {
  let done = 0
  const [first] = slots
  return slots.every((slot, i) => {
    const level = i < held && first ? first.high : slot.high
    done = Math.min(slot.arrived, done + level * slot.seconds)
    return done >= slot.due
  })
}

function after(label: Label, slot: Slot, level: number): Label | null {
  const done = Math.min(slot.arrived, label.done + level * slot.seconds)
  if (done < slot.due) return null
  return {
    done,
    price: label.price + level * slot.price,
    carbon: label.carbon + level * slot.carbon,
    waiting: label.waiting + slot.arrived - done,
    level,
    before: label,
  }
}

function undominated(labels: readonly Label[]): Label[] {
  const kept: Label[] = []
  for (const label of labels.toSorted((a, b) => b.done - a.done || byKey(a, b))) {
    const best = kept.at(-1)
    if (best === undefined || byKey(label, best) < 0) kept.push(label)
  }
  return kept
}

function byKey(a: Label, b: Label): number {
  return a.price - b.price || a.carbon - b.carbon || a.waiting - b.waiting
}

function between(low: number, high: number): number[] {
  const stride = Math.max(1, Math.ceil((high - low) / mostLevels))
  const levels: number[] = []
  for (let level = low; level < high; level += stride) levels.push(level)
  return high >= low ? [...levels, high] : []
}

function unwound(last: Label): Schedule {
  const levels: number[] = []
  const done: number[] = []
  for (let label = last; label.before !== null; label = label.before) {
    levels.unshift(label.level)
    done.unshift(label.done)
  }
  return { levels, done, price: last.price, carbon: last.carbon }
}

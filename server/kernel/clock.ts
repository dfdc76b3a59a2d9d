/** Time as an argument: milliseconds since the epoch by `now().getTime()`. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved; for tests and replays. */
export function manualClock(start: Date): Clock & { advance(ms: number): void; set(at: Date): void } {
  let ms = start.getTime()
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += by
    },
    set: (at) => {
      ms = at.getTime()
    },
  }
}

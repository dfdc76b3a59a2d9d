import { describe, expect, it } from 'vitest'
import { Slab } from '../numeric/slab.ts'
import { Guard } from './guard.ts'

function guardAfter(rounds: number, own: number, anchor: number): Guard {
  const guard = new Guard(new Slab())
  for (let t = 0; t < rounds; t++) guard.learn(0, own, anchor)
  return guard
}

describe('the guard', () => {
  it('goes over to the anchor when the aggregate has been a fifth worse all along', () => {
    expect(guardAfter(200, 1.2, 1).share(0)).toBeGreaterThan(0.95)
  })

  it('leaves an aggregate alone that is a fifth better', () => {
    expect(guardAfter(200, 0.8, 1).share(0)).toBeLessThan(0.01)
  })

  it('comes back once the aggregate has found out', () => {
    const guard = guardAfter(500, 1.2, 1)
    for (let t = 0; t < 4_000; t++) guard.learn(0, 0.8, 1)
    expect(guard.share(0)).toBeLessThan(0.05)
  })

  it('judges groups apart, in any unit, and decides little before there is evidence', () => {
    const guard = guardAfter(3, 2e12, 1e12)
    expect(guard.share(0)).toBeGreaterThan(0.7)
    expect(guard.share(0)).toBeLessThan(0.95)
    expect(guard.share(1)).toBe(0.5)
    expect(guardAfter(100, 0, 0).share(0)).toBeLessThan(0.5)
  })
})

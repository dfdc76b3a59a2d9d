import { expect, it } from 'vitest'
import { histogramQuantile } from './histogram-quantile.ts'

it('is linear within the bucket', () => {
  expect(histogramQuantile(0.5, [10, 20], [0, 10, 0])).toBe(15)
  expect(histogramQuantile(0.99, [10, 20, 40], [0, 90, 10, 0])).toBe(38)
})

it('begins the lowest bucket at zero, and ends the open one at its lower bound', () => {
  expect(histogramQuantile(0.5, [10, 20], [8, 0, 0])).toBe(5)
  expect(histogramQuantile(0.99, [10, 20], [1, 0, 9])).toBe(20)
})

it('says nothing of an empty or misshapen histogram', () => {
  expect(histogramQuantile(0.99, [10], [0, 0])).toBeNull()
  expect(histogramQuantile(0.99, [], [5])).toBeNull()
  expect(histogramQuantile(0.99, [10, 20], [1, 2])).toBeNull()
})

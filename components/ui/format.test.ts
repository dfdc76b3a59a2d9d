import { describe, expect, test } from 'vitest'
import {
  formatChange,
  formatCount,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPercentChange,
  formatQuantity,
  formatSigned,
  formatTick,
  THIN,
} from './format.ts'

describe('numbers', () => {
  test('keep about three digits, group thousands and use a real minus', () => {
    expect(formatNumber(1234.56)).toBe('1,235')
    expect(formatNumber(12.345)).toBe('12.3')
    expect(formatNumber(0.4242)).toBe('0.42')
    expect(formatNumber(-3)).toBe('\u22123')
    expect(formatNumber(7)).toBe('7')
  })

  test('say nothing rather than NaN', () => {
    expect([formatNumber(null), formatNumber(Number.NaN), formatNumber(undefined)]).toEqual(['–', '–', '–'])
  })

  test('never show a negative zero', () => {
    expect(formatNumber(-0.001, 2)).toBe('0.00')
    expect(formatSigned(-0.001, 2)).toBe('±0.00')
  })

  test('signed numbers always carry their sign', () => {
    expect([formatSigned(7), formatSigned(-7), formatSigned(0)]).toEqual(['+7', '\u22127', '±0'])
  })
})

describe('quantities', () => {
  test('put a narrow space before the unit and scale large ones', () => {
    expect(formatQuantity(82.44, 'req/s')).toBe(`82.4${THIN}req/s`)
    expect(formatQuantity(1.24e9, 'B/s')).toBe(`1.24${THIN}GB/s`)
    expect(formatQuantity(12_345, 'tok/s')).toBe(`12.3${THIN}ktok/s`)
    expect(formatQuantity(9_999, 'req/s')).toBe(`9,999${THIN}req/s`)
  })

  test('a share is a percentage, money is money', () => {
    expect(formatQuantity(0.84, '')).toBe(`84${THIN}%`)
    expect(formatQuantity(14.2, '$/h')).toBe('$14.20/h')
  })

  test('ticks leave the unit to the axis', () => {
    expect(formatTick(20_000, 'tok/s')).toBe('20k')
    expect(formatTick(0.5, '')).toBe(`50${THIN}%`)
  })
})

describe('money', () => {
  test('says per what, and the sign when asked', () => {
    expect(formatMoney(14.2, { per: 'h', signed: true })).toBe('+$14.20/h')
    expect(formatMoney(-3.5, { per: 'h', signed: true })).toBe('\u2212$3.50/h')
    expect(formatMoney(0, { signed: true })).toBe('±$0.00')
    expect(formatMoney(12_345.6)).toBe('$12,346')
  })
})

describe('probabilities', () => {
  test('do not round the possible to the certain', () => {
    expect(formatQuantity(600_000, 'ms')).toBe(`10${THIN}min`)
    expect(formatQuantity(45_000, 'ms')).toBe(`45${THIN}s`)
    expect(formatQuantity(2_500, 'ms')).toBe(`2,500${THIN}ms`)
    expect(formatPercent(0.001)).toBe(`<1${THIN}%`)
    expect(formatPercent(0.999)).toBe(`>99${THIN}%`)
    expect(formatPercent(0)).toBe(`0${THIN}%`)
    expect(formatPercent(1)).toBe(`100${THIN}%`)
    expect(formatPercent(0.9049, 1)).toBe(`90.5${THIN}%`)
    expect([0.999, -0.034, 0.001].map((change) => formatPercentChange(change))).toEqual([
      `+100${THIN}%`,
      `\u22123${THIN}%`,
      `±0${THIN}%`,
    ])
  })
})

test('changes and counts', () => {
  expect(formatChange(12, 19)).toBe('12 → 19')
  expect([formatCount(1, 'pod'), formatCount(7, 'pod'), formatCount(2, 'policy', 'policies')]).toEqual([
    '1 pod',
    '7 pods',
    '2 policies',
  ])
})

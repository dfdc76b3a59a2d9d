import { expect, test } from 'vitest'
import { configOf, emptyConfig, isFilled } from './config-form.ts'

test('a webhook is its address alone', () => {
  const form = { ...emptyConfig, url: ' https://example.com/hook ', host: 'left over' }
  expect(configOf('webhook', form)).toEqual({ url: 'https://example.com/hook' })
  expect(isFilled('webhook', form)).toBe(true)
  expect(isFilled('slack', emptyConfig)).toBe(false)
})

test('mail settings: addresses by commas, no empty login, and a port that is no number as it was typed', () => {
  const form = { ...emptyConfig, host: 'mail', from: 'a@b.c', to: 'x@y.z, , q@r.s' }
  expect(configOf('email', form)).toEqual({
    ...{ host: 'mail', port: 587, security: 'starttls', from: 'a@b.c', to: ['x@y.z', 'q@r.s'] },
  })
  expect(configOf('email', { ...form, port: 'smtp' })).toMatchObject({ port: 'smtp' })
})

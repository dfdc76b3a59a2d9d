import { expect, test } from 'vitest'
import { z } from 'zod'
import { appRouter } from './router.ts'

type Procedure = { _def: { inputs: unknown[] } }
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
const paged = procedures.flatMap(([path, { _def }]) => {
  const [input] = _def.inputs
  return input instanceof z.ZodObject && 'cursor' in input.shape ? [[path, input] as const] : []
})

test('there are lists that are read page by page', () => {
  expect(paged.map(([path]) => path)).toContain('proposal.list')
})

test.each(paged)('%s takes what an infinite query sends along', (_path, input) => {
  expect(input.safeParse({ direction: 'forward' }).error).toBeUndefined()
})

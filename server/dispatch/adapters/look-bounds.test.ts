import { expect, test } from 'vitest'
import { askWithin, lookBounds, withinBounds } from './look-bounds.ts'

const request = { url: 'https://10.0.0.1/', method: 'GET', headers: {}, timeoutMs: 1_000 } as const
const answering = (bytes: number) => async () => ({ status: 200, headers: {}, body: Buffer.alloc(bytes) })
const bounds = lookBounds(1_000)

async function askUntilEnd(send: Parameters<typeof askWithin>[0], within = bounds): Promise<string> {
  return withinBounds(within, async () => {
    for (;;) await askWithin(send, request)
  }).catch(String)
}

test('all answers of one look together are bounded in bytes, in number and in time', async () => {
  expect(await askUntilEnd(answering(1024 * 1024))).toContain('larger than 25165824 bytes in all')
  expect(await askUntilEnd(answering(0))).toContain('more than 100 requests')
  expect(await askUntilEnd(answering(0), { ...bounds, ms: 0 })).toContain(
    'not all of it was answered within 0 ms',
  )
})

test('each request is given what is left of its look, and another look has bounds of its own', async () => {
  const given: number[] = []
  await Promise.all(
    [1, 2].map(() =>
      withinBounds(bounds, async () => {
        for (let i = 0; i < 20; i++)
          await askWithin(({ maxAnswerBytes }) => {
            given.push(maxAnswerBytes)
            return answering(1024 * 1024)()
          }, request)
      }),
    ),
  )
  expect(Math.max(...given)).toBe(bounds.answerBytes)
  expect(Math.min(...given)).toBe(5 * 1024 * 1024)
})

import pg from 'pg'
import { vi } from 'vitest'

/**
 * The most statements that one connection had at once while `work` ran; the driver warns from the third on, once for a process,
 * and is to refuse the second. Of this process, alone.
 */
export async function mostAtOnce(work: () => Promise<unknown>): Promise<number> {
  const underWay = new Map<unknown, number>()
  const query = pg.Client.prototype.query
  let most = 0
  const add = (client: unknown, by: 1 | -1) => {
    const now = (underWay.get(client) ?? 0) + by
    underWay.set(client, now)
    most = Math.max(most, now)
  }
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...asked: unknown[]
  ) {
    const answer: unknown = Reflect.apply(query, this, asked)
    if (!(answer instanceof Promise)) return answer
    add(this, 1)
    const done = () => add(this, -1)
    answer.then(done, done)
    return answer
  })
  try {
    await work()
    return most
  } finally {
    spy.mockRestore()
  }
}

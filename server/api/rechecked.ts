/**
 * Passes `items` on, calling `check` first and then at least every `intervalMs`, busy or silent.
 * What `check` throws ends the stream.
 */
export async function* recheckedEvery<T>(
  intervalMs: number,
  items: AsyncIterable<T>,
  check: () => Promise<unknown>,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    while (true) {
      await check()
      const until = performance.now() + intervalMs
      while (true) {
        const item = await settledWithin(next, until - performance.now())
        if (item === 'late') break
        if (item.done) return
        yield item.value
        next = iterator.next()
      }
    }
  } finally {
    await iterator.return?.()
  }
}

async function settledWithin<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  if (ms <= 0) return 'late'
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late')
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

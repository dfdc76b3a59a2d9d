/**
 * Passes on what `open` gives, calling `check` first and then at least every `intervalMs`, busy or silent. What
 * `check` throws ends the stream; the signal that `open` gets is then aborted, as it is when `outer` is.
 */
export async function* recheckedEvery<T>(
  intervalMs: number,
  outer: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<T>,
  check: () => Promise<unknown>,
): AsyncGenerator<T> {
  const ending = new AbortController()
  const items = open(AbortSignal.any([outer, ending.signal]))[Symbol.asyncIterator]()
  let next = items.next()
  try {
    while (true) {
      await check()
      const until = performance.now() + intervalMs
      while (true) {
        const item = await settledWithin(next, until - performance.now())
        if (item === 'late') break
        if (item.done) return
        yield item.value
        next = items.next()
      }
    }
  } finally {
    // Not `items.return()`: it would wait for an item that may never come.
    ending.abort()
    next.catch(() => undefined)
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

import type { BatchingServing } from '../contract.ts'
import type { TokenRequest } from '../models/batching/requests.ts'

type Held = {
  index: number
  arrivedAt: number
  prompt: number
  output: number
  produced: number
  cached: number
  unread: number
  firstAt: number
}

/** The same replica as `simulateReplica`, but every sequence walks its own tokens: slow, and plain to read. */
export function naiveReplica(serving: BatchingServing, requests: readonly TokenRequest[], rate: number) {
  let at = 0
  const queue: Held[] = requests.map(({ promptTokens, outputTokens, gap }, index) => {
    at += gap / rate
    return {
      index,
      arrivedAt: at,
      prompt: promptTokens,
      output: outputTokens,
      produced: 0,
      cached: 0,
      unread: promptTokens,
      firstAt: 0,
    }
  })
  const running: Held[] = []
  const ends: { firstTokenSeconds: number; endToEndSeconds: number }[] = []
  let now = 0
  let preemptions = 0
  // What is reserved for a prompt counts as held from its admission on.
  const held = () => running.reduce((sum, it) => sum + it.cached + it.unread, 0)
  const decoding = () => running.filter((it) => it.unread === 0)
  while (queue.length + running.length > 0) {
    for (
      let first = queue[0];
      first && running.length < serving.maxBatch && first.arrivedAt <= now;
      first = queue[0]
    ) {
      if (running.length > 0 && held() + first.unread + decoding().length > serving.kvCacheTokens) break
      running.push(first)
      queue.shift()
    }
    if (running.length === 0) {
      now = Math.max(now, queue[0]?.arrivedAt ?? now)
      continue
    }
    while (running.length > 1 && held() + decoding().length > serving.kvCacheTokens) {
      const newest = running.pop()
      if (!newest) break
      queue.unshift({ ...newest, cached: 0, unread: newest.prompt + newest.produced })
      preemptions++
    }
    const writing = decoding()
    let left = serving.prefillChunkTokens
    const complete: Held[] = []
    for (const it of running.filter(({ unread }) => unread > 0)) {
      const taken = Math.min(left, it.unread)
      it.unread -= taken
      it.cached += taken
      left -= taken
      if (it.unread === 0) complete.push(it)
      if (left === 0) break
    }
    now +=
      serving.iterationSeconds +
      (serving.prefillChunkTokens - left) * serving.prefillSecondsPerToken +
      writing.length * serving.decodeSecondsPerSequence +
      writing.reduce((sum, it) => sum + it.cached, 0) * serving.decodeSecondsPerContextToken
    for (const it of writing) {
      it.cached++
      it.produced++
    }
    for (const it of complete) {
      if (it.firstAt === 0) it.firstAt = now
      it.produced++
    }
    for (const it of [...running]) {
      if (it.unread > 0 || it.produced < it.output) continue
      running.splice(running.indexOf(it), 1)
      ends[it.index] = { firstTokenSeconds: it.firstAt - it.arrivedAt, endToEndSeconds: now - it.arrivedAt }
    }
  }
  return { ends, preemptions }
}

import type { BatchingServing } from '../../contract.ts'
import type { TokenRequest } from './requests.ts'

/** What became of one request; seconds. */
export type Served = {
  firstTokenSeconds: number
  endToEndSeconds: number
  /** Mean distance of its tokens after the first; null for a single token. */
  perTokenSeconds: number | null
  finishedAt: number
}

export type ReplicaRun = {
  /** In the order of arrival. */
  served: Served[]
  /** Time means while anything ran: sequences in the replica, tokens in the cache. */
  meanBatch: number
  meanCacheTokens: number
  /** Shares of that time in which somebody waited because the batch, or the cache, was full. */
  batchFullShare: number
  cacheFullShare: number
  /** How often a sequence was thrown out of the cache and had to be read again. */
  preemptions: number
}

type Sequence = {
  index: number
  arrivedAt: number
  promptTokens: number
  outputTokens: number
  /** Tokens given so far, and when the first was. */
  produced: number
  firstTokenAt: number | null
  /** Tokens still to be read before it decodes, and tokens that it holds in the cache. */
  unread: number
  cached: number
  /** Iteration at whose end it is complete; null while it is read. */
  endsAt: number | null
  state: 'waiting' | 'running' | 'done'
}

/**
 * One replica with continuous batching, iteration by iteration: sequences join and leave between iterations (Orca: Yu et al.,
 * OSDI 2022); the cache is paged, so a sequence holds what it has read and written, and the newest is thrown out and read
 * again later where the cache would overflow (vLLM: Kwon et al., SOSP 2023); prompts are read in chunks beside decoding
 * (Sarathi-Serve: Agrawal et al., OSDI 2024). An iteration takes a time linear in its tokens. First come, first served.
 * Each iteration costs O(1): all decoding sequences advance alike. `requestsPerSecond` infinite: all are there at once.
 */
export function simulateReplica(
  serving: BatchingServing,
  requests: readonly TokenRequest[],
  requestsPerSecond: number,
): ReplicaRun {
  return new Replica(serving, requests, requestsPerSecond).run()
}

class Replica {
  private readonly serving: BatchingServing
  private readonly arrivals: Sequence[]
  private readonly served: Served[] = []
  private next = 0
  private now = 0
  private iteration = 0
  /** Thrown out and to be taken first, the oldest last. */
  private readonly preempted: Sequence[] = []
  /** In order of admission, with some that are done or thrown out among them. */
  private readonly admitted: Sequence[] = []
  private readonly reading: Sequence[] = []
  private readingFrom = 0
  private readonly endings = new Map<number, Sequence[]>()
  private running = 0
  private decoding = 0
  private decodingContext = 0
  private cacheTokens = 0
  private busySeconds = 0
  private batchSeconds = 0
  private cacheSeconds = 0
  private batchFullSeconds = 0
  private cacheFullSeconds = 0
  private preemptions = 0

  constructor(serving: BatchingServing, requests: readonly TokenRequest[], requestsPerSecond: number) {
    this.serving = serving
    let at = 0
    this.arrivals = requests.map(({ promptTokens, outputTokens, gap }, index) => {
      at += gap / requestsPerSecond
      return {
        index,
        arrivedAt: at,
        promptTokens,
        outputTokens,
        produced: 0,
        firstTokenAt: null,
        unread: promptTokens,
        cached: 0,
        endsAt: null,
        state: 'waiting',
      }
    })
  }

  run(): ReplicaRun {
    for (;;) {
      this.admit()
      if (this.running === 0) {
        const next = this.arrivals[this.next]
        if (next === undefined) break
        this.now = Math.max(this.now, next.arrivedAt)
        continue
      }
      this.makeRoom()
      this.iterate()
    }
    const busy = this.busySeconds || 1
    return {
      served: this.served,
      meanBatch: this.batchSeconds / busy,
      meanCacheTokens: this.cacheSeconds / busy,
      batchFullShare: this.batchFullSeconds / busy,
      cacheFullShare: this.cacheFullSeconds / busy,
      preemptions: this.preemptions,
    }
  }

  private arrived(): Sequence | undefined {
    const candidate = this.preempted.at(-1) ?? this.arrivals[this.next]
    return candidate !== undefined && candidate.arrivedAt <= this.now ? candidate : undefined
  }

  private admit(): void {
    while (this.running < this.serving.maxBatch) {
      const candidate = this.arrived()
      if (candidate === undefined) return
      // Room for its prompt and for one more token of everybody.
      const needed = this.cacheTokens + candidate.unread + this.decoding
      if (needed > this.serving.kvCacheTokens && this.running > 0) return
      if (this.preempted.pop() === undefined) this.next++
      candidate.state = 'running'
      candidate.cached = candidate.unread
      this.cacheTokens += candidate.cached
      this.running++
      this.admitted.push(candidate)
      this.reading.push(candidate)
    }
  }

  /** Every decoding sequence writes one token: throws out the newest until there is room for that. */
  private makeRoom(): void {
    while (this.running > 1 && this.cacheTokens + this.decoding > this.serving.kvCacheTokens) {
      const newest = this.admitted.pop()
      if (newest === undefined) return
      if (newest.state !== 'running') continue
      this.throwOut(newest)
    }
  }

  private throwOut(sequence: Sequence): void {
    this.preemptions++
    this.running--
    if (sequence.endsAt !== null) {
      // It still decodes in this iteration and in every one up to the last.
      const left = sequence.endsAt - this.iteration + 1
      const tokens = sequence.cached + (sequence.outputTokens - sequence.produced - left)
      sequence.produced = sequence.outputTokens - left
      this.endings.set(
        sequence.endsAt,
        (this.endings.get(sequence.endsAt) ?? []).filter((other) => other !== sequence),
      )
      this.decoding--
      this.decodingContext -= tokens
      this.cacheTokens -= tokens
    } else {
      this.cacheTokens -= sequence.cached
    }
    sequence.endsAt = null
    sequence.state = 'waiting'
    sequence.cached = 0
    sequence.unread = sequence.promptTokens + sequence.produced
    this.preempted.push(sequence)
  }

  private iterate(): void {
    const { serving } = this
    const waiting = this.arrived() !== undefined
    const batchFull = this.running >= serving.maxBatch
    const { tokens, complete } = this.read()
    const seconds =
      serving.iterationSeconds +
      tokens * serving.prefillSecondsPerToken +
      this.decoding * serving.decodeSecondsPerSequence +
      this.decodingContext * serving.decodeSecondsPerContextToken
    this.now += seconds
    this.busySeconds += seconds
    this.batchSeconds += seconds * this.running
    this.cacheSeconds += seconds * this.cacheTokens
    if (waiting && batchFull) this.batchFullSeconds += seconds
    else if (waiting) this.cacheFullSeconds += seconds
    this.cacheTokens += this.decoding
    this.decodingContext += this.decoding
    for (const sequence of this.endings.get(this.iteration) ?? []) {
      const tokensHeld = sequence.cached + (sequence.outputTokens - sequence.produced)
      this.decoding--
      this.decodingContext -= tokensHeld
      this.finish(sequence, tokensHeld)
    }
    this.endings.delete(this.iteration)
    for (const sequence of complete) this.startDecoding(sequence)
    this.iteration++
  }

  /** Reads prompts up to the chunk, in order of admission. */
  private read(): { tokens: number; complete: Sequence[] } {
    let left = this.serving.prefillChunkTokens
    const complete: Sequence[] = []
    while (left > 0) {
      const sequence = this.reading[this.readingFrom]
      if (sequence === undefined) break
      if (sequence.state === 'running' && sequence.unread > 0) {
        const taken = Math.min(left, sequence.unread)
        sequence.unread -= taken
        left -= taken
        if (sequence.unread > 0) break
        complete.push(sequence)
      }
      this.readingFrom++
    }
    return { tokens: this.serving.prefillChunkTokens - left, complete }
  }

  /** The iteration that reads the last of a prompt gives the next token. */
  private startDecoding(sequence: Sequence): void {
    sequence.firstTokenAt ??= this.now
    sequence.produced++
    const left = sequence.outputTokens - sequence.produced
    if (left === 0) {
      this.finish(sequence, sequence.cached)
      return
    }
    sequence.endsAt = this.iteration + left
    this.decoding++
    this.decodingContext += sequence.cached
    const others = this.endings.get(sequence.endsAt)
    if (others === undefined) this.endings.set(sequence.endsAt, [sequence])
    else others.push(sequence)
  }

  private finish(sequence: Sequence, tokensHeld: number): void {
    this.running--
    this.cacheTokens -= tokensHeld
    sequence.state = 'done'
    const { arrivedAt, outputTokens } = sequence
    const first = sequence.firstTokenAt ?? this.now
    this.served[sequence.index] = {
      firstTokenSeconds: first - arrivedAt,
      endToEndSeconds: this.now - arrivedAt,
      perTokenSeconds: outputTokens > 1 ? (this.now - first) / (outputTokens - 1) : null,
      finishedAt: this.now,
    }
  }
}

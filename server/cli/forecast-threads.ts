import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { forecastLines, type SeriesTask } from './forecast-series.ts'
import type { WorkerAnswer, WorkerRequest } from './forecast-worker.ts'
import type { GridSeries } from './series-csv.ts'

/** Steps below which starting threads costs more than it saves. */
const WORTH_THREADS = 20_000
const MOST_THREADS = 8

/** How many threads a file is worth. */
export function threadsFor(all: readonly GridSeries[]): number {
  const steps = all.reduce((sum, { values }) => sum + values.length, 0)
  return steps < WORTH_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS, all.length)
}

/** The output of all series, in their order, whatever thread made which: the bytes do not depend on `threads`. */
export async function* forecastAll(
  all: readonly GridSeries[],
  task: SeriesTask,
  threads: number,
): AsyncGenerator<string> {
  if (threads < 2) {
    for (const series of all) yield* forecastLines(series, task)
    return
  }
  const crew = Array.from({ length: threads }, () => new Hand())
  try {
    // One series per hand ahead of the one that is written bounds what waits in memory.
    const ahead: Promise<string[]>[] = []
    let next = 0
    const give = () => {
      const series = all[next]
      const hand = crew[next % crew.length]
      next++
      if (series !== undefined && hand !== undefined) ahead.push(hand.forecast({ series, task }))
    }
    for (let i = 0; i < 2 * threads; i++) give()
    for (let done = ahead.shift(); done !== undefined; done = ahead.shift()) {
      yield* await done
      give()
    }
  } finally {
    await Promise.all(crew.map((hand) => hand.dismiss()))
  }
}

/** One thread. What it is given, it does in order. */
class Hand {
  private readonly worker = new Worker(new URL('./forecast-worker.ts', import.meta.url))
  private readonly waiting: { lines: string[]; resolve: (lines: string[]) => void }[] = []
  private readonly failed: Promise<never>

  constructor() {
    this.failed = new Promise((_, reject) => this.worker.once('error', reject))
    this.failed.catch(() => {})
    this.worker.on('message', ({ lines, last }: WorkerAnswer) => {
      this.waiting[0]?.lines.push(lines)
      if (last) {
        const done = this.waiting.shift()
        done?.resolve(done.lines)
      }
    })
  }

  forecast(request: WorkerRequest): Promise<string[]> {
    const done = new Promise<string[]>((resolve) => this.waiting.push({ lines: [], resolve }))
    this.worker.postMessage(request)
    const outcome = Promise.race([done, this.failed])
    outcome.catch(() => {})
    return outcome
  }

  async dismiss(): Promise<void> {
    await this.worker.terminate()
  }
}

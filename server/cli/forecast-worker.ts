import { parentPort } from 'node:worker_threads'
import { forecastLines, type SeriesTask } from './forecast-series.ts'
import type { GridSeries } from './series-csv.ts'

export type WorkerRequest = { series: GridSeries; task: SeriesTask }
export type WorkerAnswer = { lines: string; last: boolean }

const LARGEST_ANSWER = 1 << 20

parentPort?.on('message', ({ series, task }: WorkerRequest) => {
  let lines = ''
  for (const more of forecastLines(series, task)) {
    lines += more
    if (lines.length < LARGEST_ANSWER) continue
    answer({ lines, last: false })
    lines = ''
  }
  answer({ lines, last: true })
})

const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message)

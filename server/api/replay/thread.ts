import { parentPort, workerData } from 'node:worker_threads'
import { type ReplayTask, replayReport } from '../../evaluation/index.ts'
import { ServiceError } from '../../kernel/errors.ts'
import type { ThreadAnswer } from './replay-desk.ts'

/** One replay in a thread of its own, so that the web server goes on answering. */
function answerOf(task: ReplayTask): ThreadAnswer {
  try {
    return { report: replayReport(task) }
  } catch (error) {
    if (error instanceof ServiceError) return { refusal: error.message }
    throw error
  }
}

parentPort?.postMessage(answerOf(workerData))

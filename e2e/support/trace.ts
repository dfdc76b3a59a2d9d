import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export type TraceFile = {
  file: string
  series: string
  stepSeconds: number
  /** What stands in for the recorded trace, and why; null when it is the recorded one. */
  substitute: string | null
}

const recorded = path.resolve(import.meta.dirname, '../../../shared/traces/azure_llm_2023_10s.csv')
const series = 'azllm23_conv_rps_10s'
const stepSeconds = 10

/** Real traffic of a production chat service, 58 minutes of it; where it is absent, a made-up trace of the same shape. */
export function chatTrace(): TraceFile {
  if (existsSync(recorded)) return { file: recorded, series, stepSeconds, substitute: null }
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'infrasage-trace-')), 'made-up.csv')
  const rows = Array.from({ length: 349 }, (_, i) => {
    const at = new Date(Date.UTC(2023, 10, 16, 18, 17) + i * stepSeconds * 1_000).toISOString()
    const climb = Math.min(1, Math.max(0, (i - 110) / 50)) - Math.min(1, Math.max(0, (i - 215) / 30))
    const wobble = Math.sin(i * 12.9898) * 0.7 + Math.sin(i * 78.233) * 0.5
    return `${series},${at},${(5.1 + 2.8 * climb + wobble).toFixed(1)}`
  })
  writeFileSync(file, ['series_id,timestamp,value', ...rows].join('\n'))
  const substitute = `${recorded} is absent: a made-up trace of the same shape was played`
  return { file, series, stepSeconds, substitute }
}

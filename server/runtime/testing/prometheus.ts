import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import { freePort } from '../ports.ts'

/** Why there is no real Prometheus to test with, or null when there is one. */
export function noPrometheus(): string | null {
  const { status } = spawnSync('prometheus', ['--version'], { stdio: 'ignore' })
  return status === 0 ? null : 'prometheus is not installed (Debian: apt-get install prometheus)'
}

export type PrometheusOptions = {
  /** Address of a product of ours: its `/metrics` are scraped every second, and sent to its `/api/v1/write`. */
  address: string
  /** An API key that may write telemetry. */
  token: string
}

/** A real Prometheus on loopback, in a folder of its own. `printed`: what it has logged so far. */
export async function startPrometheus({ address, token }: PrometheusOptions) {
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-prometheus-'))
  const config = path.join(folder, 'prometheus.yml')
  writeFileSync(config, stringify(prometheusConfig(address, token)), { mode: 0o600 })
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${await freePort()}`,
  ]
  const child = spawn('prometheus', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk
    })
  }
  const exited = once(child, 'exit')
  return {
    printed: () => printed,
    stop: async () => {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function prometheusConfig(address: string, token: string) {
  return {
    global: { scrape_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'infrasage',
        static_configs: [{ targets: [new URL(address).host], labels: { workload: 'infrasage' } }],
      },
    ],
    remote_write: [
      {
        url: `${address}/api/v1/write`,
        authorization: { credentials: token },
        queue_config: { batch_send_deadline: '1s' },
      },
    ],
  }
}

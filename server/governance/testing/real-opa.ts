import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { waitFor } from '../../runtime/testing/wait-for.ts'

const binary = process.env.INFRASAGE_OPA ?? ''
/** Why OPA itself is not tried, for the name of what is skipped; null where it is. */
export const whyNoOpa = binary === '' ? ': INFRASAGE_OPA names no binary of opa' : null

/** The policy of `testing/policy-engine-contract.ts`. */
export const policyForTests = `package infrasage

reasons contains "production is closed" if input.workload.environment == "production"

default allow := false

allow if {
  count(reasons) == 0
  every approver in input.approvers { approver.kind != "rule" }
}

verdict := {"allow": allow, "reasons": [reason | some reason in reasons]}
`

/** OPA with one policy, on a free port of loopback, until it is closed. */
export async function startOpa(policy: string): Promise<{ address: string; close(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-opa-'))
  const file = path.join(folder, 'policy.rego')
  writeFileSync(file, policy)
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const child = spawn(
    binary,
    ['run', '--server', '--addr', `127.0.0.1:${port}`, '--disable-telemetry', file],
    {
      stdio: 'ignore',
    },
  )
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const close = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await waitFor('OPA to answer', async () => {
      const answer = await fetch(`${address}/health`).catch(() => null)
      return answer?.ok === true || null
    })
  } catch (error) {
    await close()
    throw error
  }
  return { address, close }
}

function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address instanceof Object ? address.port : 0
      server.close(() => done(port))
    })
  })
}

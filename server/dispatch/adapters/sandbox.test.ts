import { afterAll, beforeAll, expect, test } from 'vitest'
import { adapterContract } from '../testing/adapter-contract.ts'
import { faultContract } from '../testing/fault-contract.ts'
import { freeUrl } from '../testing/free-url.ts'
import { type SandboxStandIn, standInToken, startSandboxStandIn } from '../testing/sandbox-stand-in.ts'
import { sandbox } from './sandbox.ts'

let standIn: SandboxStandIn
let nowhere: string
let made = 0

beforeAll(async () => {
  standIn = await startSandboxStandIn()
  nowhere = await freeUrl()
})
afterAll(() => standIn.close())

async function fresh({ quota, requestTimeoutMs }: { quota?: number; requestTimeoutMs?: number } = {}) {
  standIn.arrived.write = 0
  standIn.faults.length = 0
  const id = `target-${++made}`
  const target = standIn.add(id, 3, quota)
  const access = { url: standIn.url, token: standInToken }
  const adapter = await sandbox.open(access, { target: id }, requestTimeoutMs)
  return { id, target, adapter }
}

adapterContract('sandbox', async () => {
  const { id, target, adapter } = await fresh()
  return {
    adapter,
    scaleByOther: async (replicas) => standIn.scaleByOther(id, replicas),
    markReady: async (replicas) => {
      target.readyReplicas = replicas
    },
    changes: async () => target.version - 1,
    missing: await sandbox.open({ url: standIn.url, token: standInToken }, { target: 'nothing' }),
    unauthorised: await sandbox.open({ url: standIn.url, token: 'another' }, { target: id }),
    unreachable: await sandbox.open({ url: nowhere, token: standInToken }, { target: id }),
  }
})

faultContract('sandbox', async (requestTimeoutMs) => {
  const { adapter } = await fresh({ requestTimeoutMs })
  return { adapter, standIn, refusal: (status, message) => ({ status, body: { message } }) }
})

test('beyond its quota the cloud refuses in its own words, at the dry run already', async () => {
  const { adapter } = await fresh({ quota: 5 })
  const { lock } = await adapter.observe()
  const outcome = await adapter.dryRun(lock, {
    replicas: 6,
    control: 'replicas' as const,
    final: false,
    dispatchId: 'd',
    fencingToken: 1,
  })
  expect(outcome).toMatchObject({ kind: 'refused', message: 'quota of 5 replicas' })
})

test('a connection says what is wrong with it, and never repeats its token', async () => {
  expect(await sandbox.check({ url: standIn.url, token: standInToken })).toContain('sandbox at 127.0.0.1')
  await expect(sandbox.check({ url: standIn.url, token: 'a-wrong-token' })).rejects.toThrow(
    /^(?!.*a-wrong-token)/,
  )
  await expect(sandbox.check({ url: nowhere, token: standInToken })).rejects.toThrow(/could not be read/)
  expect(() => sandbox.parseConfig({ url: 'ftp://somewhere', token: 'x y' })).toThrow(/"url"/)
})
